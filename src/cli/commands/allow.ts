import { requireReason } from '../../app/reason.ts';
import { allowFeature } from '../../app/reconcile/allow.ts';
import { planText } from '../../report/text/plan-text.ts';
import { reconcileExit } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { answer, NOTHING_CHANGED } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { agreement } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  const declared = command
    .option('--reason <text>', 'why; it goes into history')
    .option('--yes', 'do not ask before exposure is raised');
  const example = 'rollout allow new_checkout --reason "agreed with operations"';
  run(declared, end, example, (options, feature) => {
    const reason = requireReason(options.reason, 'allow', example);
    return withController(terminal, options, async (controller) => {
      const agree = agreement(terminal, options);
      const reconciled = await allowFeature(controller, { feature, reason, agree });
      answer(terminal, options, {
        json: () => ({ feature, reconciled: reconciled && planJson(reconciled) }),
        words: () =>
          reconciled === null ? NOTHING_CHANGED : planText(terminal.style, reconciled, options.file, true),
      });
      return reconciled === null ? EXIT.error : reconcileExit(reconciled);
    });
  });
};
