import { WORST_SUBJECTS } from '../../app/views/feature/failures.ts';
import { stats } from '../../app/views/status.ts';
import { standingsJson } from '../../report/json/advance-json.ts';
import { statsText } from '../../report/text/status-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { wholeOption } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

const MOST_WORST = 100;

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const declared = command.option(
    '--worst <n>',
    `how many of the subjects with most failures to list (default ${WORST_SUBJECTS} with a feature, else none)`,
    wholeOption(0, MOST_WORST),
  );
  run(declared, end, 'rollout stats new_checkout', (options, feature) =>
    withController(terminal, options, async ({ store }) => {
      const result = await stats(store, feature, options.worst);
      answer(terminal, options, {
        json: () => standingsJson(result),
        words: () => statsText(terminal.style, result),
      });
      return EXIT.ok;
    }),
  );
};
