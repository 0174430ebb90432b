import { categorize } from '../../app/registry/categorize.ts';
import { categorizedLines } from '../../report/text/outcomes/registry-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout categorize', (options) =>
    withController(terminal, options, async ({ store, actor }) => {
      const result = await categorize(store, actor);
      answer(terminal, options, { json: () => result, words: () => categorizedLines(result) });
      return EXIT.ok;
    }),
  );
};
