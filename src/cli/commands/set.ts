import { setPercentage } from '../../app/operate/set.ts';
import {
  changeOptions,
  orHeld,
  raisingOptions,
  reportChange,
  requirePercentage,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand<[feature: string, percentage: string]> = (command, terminal, end) => {
  const example = 'rollout set new_checkout 25 --reason "a healthy week"';
  run(raisingOptions(command), end, example, (options, feature, text) => {
    const percentage = requirePercentage(text, example);
    return orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const how = changeOptions(terminal, options);
        const outcome = await setPercentage(controller, { feature, percentage, ...how });
        return reportChange(terminal, options, outcome, { feature, percentage });
      }),
    );
  });
};
