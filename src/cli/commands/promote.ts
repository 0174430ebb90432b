import { promote } from '../../app/promote/promote.ts';
import {
  changeOptions,
  orHeld,
  percentageOption,
  raisingOptions,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  const declared = raisingOptions(command).option(
    '--to <percentage>',
    'how far; left out, the next step',
    percentageOption,
  );
  run(declared, end, 'rollout promote new_checkout', (options, feature) =>
    orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const how = changeOptions(terminal, options);
        const outcome = await promote(controller, { feature, percentage: options.to, ...how });
        return reportChange(terminal, options, outcome, { feature });
      }),
    ),
  );
};
