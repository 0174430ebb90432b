import { stats } from '../../app/views/status.ts';
import { standingsJson } from '../../report/json/advance-json.ts';
import { statsText } from '../../report/text/status-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  run(command, end, 'rollout stats new_checkout', (options, feature) =>
    withController(terminal, options, async ({ store }) => {
      const result = await stats(store, feature);
      answer(terminal, options, {
        json: () => standingsJson(result),
        words: () => statsText(terminal.style, result),
      });
      return EXIT.ok;
    }),
  );
};
