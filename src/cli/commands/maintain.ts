import { counted } from '../../report/words/words.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { wholeOption } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command.option(
    '--keep-days <days>',
    'days that outcomes are kept; health reads 30',
    wholeOption(1, 3_650, 'days'),
    90,
  );
  run(declared, end, 'rollout maintain --keep-days 90', (options) =>
    withController(terminal, options, async ({ store }) => {
      const result = await store.maintain({ keepDays: options.keepDays });
      if (options.json) terminal.json(result);
      else if (result.put_off) terminal.say(`put off, the next run does it: ${result.because}`);
      else {
        terminal.say(
          `${counted(result.created, 'partition')} made, ${counted(result.dropped, 'partition')} dropped, ${counted(result.forgotten, 'batch, id or stamp', 'batches, ids and stamps')} forgotten, ${counted(result.thinned, 'old verdict')} thinned out`,
        );
      }
      return EXIT.ok;
    }),
  );
};
