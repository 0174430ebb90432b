import { reconcile } from '../../app/reconcile/reconcile.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit } from '../../report/words/exits.ts';
import { adoptedText } from '../../report/words/outcome-words.ts';
import { planJson } from '../../report/words/plan-model.ts';
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
      if (options.json) {
        const { global_stop, adopted } = result;
        terminal.json({ ...planJson(result), global_stop, adopted });
      } else {
        terminal.say(planText(terminal.style, result, options.file, true));
        if (result.adopted.length > 0) {
          terminal.say(adoptedText(result.adopted));
        }
      }
      return reconcileExit(result);
    }),
  );
};
