import { setPercentage } from '../../app/operate/set.ts';
import {
  type ChangingOptions,
  changeOptions,
  changingOptions,
  orHeld,
  percentageArgument,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand = (command, terminal, end) => {
  changingOptions(command, { mayRaise: true });
  command.registeredArguments[1]?.argParser(percentageArgument);
  const example = 'rollout set new_checkout 25 --reason "a healthy week"';
  run(command, end, example, (options: ChangingOptions, feature: string, percentage: number) =>
    orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const how = changeOptions(terminal, options);
        const outcome = await setPercentage(controller, { feature, percentage, ...how });
        return reportChange(terminal, options, outcome, { feature, percentage });
      }),
    ),
  );
};
