import { categoriesJson } from '../../report/json/categories-json.ts';
import { categoriesText } from '../../report/text/categories-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout categories --json', (options) =>
    withController(terminal, options, async ({ store }) => {
      const categories = await store.reading((read) => read.registry.categories());
      answer(terminal, options, {
        json: () => categoriesJson(categories),
        words: () => categoriesText(terminal.style, categories),
      });
      return EXIT.ok;
    }),
  );
};
