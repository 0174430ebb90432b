import { categoriesText } from '../report/lists.ts';
import { type CommonOptions, type DefineCommand, run, withController } from './command.ts';
import { EXIT } from './terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout categories --json', (options: CommonOptions) =>
    withController(terminal, options, async ({ store }) => {
      const categories = await store.reading((read) => read.categories());
      if (options.json) terminal.json({ categories });
      else terminal.say(categoriesText(terminal.style, categories));
      return EXIT.ok;
    }),
  );
};
