import { type CategorizeReport, categorize } from '../../app/registry/categorize.ts';
import { count, counted } from '../../report/words/words.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';
import { tellMovements } from './import.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout categorize', (options) =>
    withController(terminal, options, async ({ store, actor }) => {
      const result = await categorize(store, actor);
      if (options.json) terminal.json(result);
      else tellCategorized(terminal, result);
      return EXIT.ok;
    }),
  );
};

/** What a categorisation moved, for a terminal. */
export function tellCategorized(terminal: Terminal, result: CategorizeReport): void {
  const { source } = result;
  if (source) {
    terminal.say(
      `rollout_repository_source: ${counted(source.received, 'repository', 'repositories')}, ${count(source.added)} new, ${count(source.changed)} changed`,
    );
  }
  terminal.say(`${counted(result.changed, 'repository', 'repositories')} in another category than before`);
  tellMovements(terminal, [...(source?.movements ?? []), ...result.movements]);
}
