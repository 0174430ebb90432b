import { rollBack } from '../../app/operate/rollback.ts';
import { requireReason } from '../../app/reason.ts';
import { rollbackJson } from '../../report/json/change-json.ts';
import { rollbackLines } from '../../report/text/outcome-text.ts';
import { rollbackExit } from '../../report/words/exits.ts';
import {
  type ChangingOptions,
  changingOptions,
  percentageArgument,
  print,
  printing,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withControllerForStop } from '../terminal/command.ts';

interface RollbackOptions extends ChangingOptions {
  to?: number;
}

export const define: DefineCommand = (command, terminal, end) => {
  changingOptions(command, { mayRaise: false }).option(
    '--to <percentage>',
    'lower to this instead of switching off; 0 is off, the whitelist included',
    percentageArgument,
  );
  const example = 'rollout rollback new_checkout --reason "payments fail"';
  run(command, end, example, async (options: RollbackOptions, feature: string) => {
    const reason = requireReason(
      options.reason,
      'rollback',
      `rollout rollback ${feature} --reason "what you saw"`,
    );
    return withControllerForStop(terminal, options, async (controller) => {
      const { via, to = null } = options;
      const outcome = await rollBack(controller, { feature, to, reason, via });
      if (options.json) terminal.json(rollbackJson(outcome));
      else print(terminal, rollbackLines(printing(terminal, options), outcome));
      return rollbackExit(outcome);
    });
  });
};
