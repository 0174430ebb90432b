import { reconcile } from '../../app/reconcile/reconcile.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planJson, totalsOf } from '../../report/words/plan-model.ts';
import { counted } from '../../report/words/words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { commitOption, FOLLOW } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

interface ReconcileOptions extends CommonOptions {
  revision?: string;
  allowRewind?: true;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .option('--revision <sha>', 'refuse unless this is the tip of the default branch', commitOption)
    .option('--allow-rewind', 'apply a tip that does not descend from the one applied last')
    .option(...FOLLOW);
  run(command, end, 'rollout reconcile', (options: ReconcileOptions) =>
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
          terminal.say(
            `${counted(result.adopted.length, 'feature')} now under the file, which says the same`,
          );
        }
      }
      const totals = totalsOf(result);
      if (totals.errors > 0) return EXIT.error;
      return totals.held + totals.refused > 0 ? EXIT.held : EXIT.ok;
    }),
  );
};
