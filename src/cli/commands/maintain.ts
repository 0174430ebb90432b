import type { Controller } from '../../compose/controller.ts';
import { counted } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
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
      answer(terminal, options, { json: () => result, words: () => maintainedText(result) });
      return EXIT.ok;
    }),
  );
};

function maintainedText(result: Awaited<ReturnType<Controller['store']['maintain']>>): string {
  if (result.put_off) return `put off, the next run does it: ${result.because}`;
  const { created, dropped, forgotten, thinned } = result;
  return `${counted(created, 'partition')} made, ${counted(dropped, 'partition')} dropped, ${counted(forgotten, 'batch, id or stamp', 'batches, ids and stamps')} forgotten, ${counted(thinned, 'old verdict')} thinned out`;
}
