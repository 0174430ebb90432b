import { reconcile } from '../../app/reconcile/reconcile.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit } from '../../report/words/exits.ts';
import { adoptedText } from '../../report/words/outcome-words.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { commitOption, FOLLOW } from '../terminal/options.ts';

export const define: DefineCommand = (command, terminal, end) => {
  const declared = command
    .option('--revision <sha>', 'refuse unless this is the tip of the default branch', commitOption)
    .option('--allow-rewind', 'apply a tip that does not descend from the one applied last')
    .option(...FOLLOW);
  run(declared, end, 'rollout reconcile', (options) =>
    withController(terminal, options, async (controller) => {
      const result = await reconcile(controller, {
        actor: controller.actor,
        allowRewind: options.allowRewind ?? false,
        revision: options.revision ?? null,
      });
      const { global_stop, adopted } = result;
      answer(terminal, options, {
        json: () => ({ ...planJson(result), global_stop, adopted }),
        words: () => [
          { text: planText(terminal.style, result, options.file, true) },
          ...(adopted.length > 0 ? [{ text: adoptedText(adopted) }] : []),
        ],
      });
      return reconcileExit(result);
    }),
  );
};
