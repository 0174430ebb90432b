import { rollBack } from '../../app/operate/rollback.ts';
import { requireReason } from '../../app/reason.ts';
import { rollbackJson } from '../../report/json/change-json.ts';
import { rollbackLines } from '../../report/text/outcomes/outcome-text.ts';
import { rollbackExit } from '../../report/words/exits.ts';
import { answer } from '../terminal/answer.ts';
import { changingOptions, percentageOption, printing } from '../terminal/changing.ts';
import { type DefineCommand, run, withControllerForStop } from '../terminal/command.ts';

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  const declared = changingOptions(command).option(
    '--to <percentage>',
    'lower to this instead of switching off; 0 is off, the whitelist included',
    percentageOption,
  );
  const example = 'rollout rollback new_checkout --reason "payments fail"';
  run(declared, end, example, async (options, feature) => {
    const reason = requireReason(
      options.reason,
      'rollback',
      `rollout rollback ${feature} --reason "what you saw"`,
    );
    return withControllerForStop(terminal, options, async (controller) => {
      const { via, to = null } = options;
      const outcome = await rollBack(controller, { feature, to, reason, via });
      answer(terminal, options, {
        json: () => rollbackJson(outcome),
        words: () => rollbackLines(printing(terminal, options), outcome),
      });
      return rollbackExit(outcome);
    });
  });
};
