import { advanceFeature } from '../../app/operate/advance.ts';
import { advanceJson } from '../../report/json/advance-json.ts';
import {
  type ChangingOptions,
  changeOptions,
  changingOptions,
  orHeld,
  reportChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

interface AdvanceOptions extends ChangingOptions {
  force?: true;
}

export const define: DefineCommand = (command, terminal, end) => {
  changingOptions(command, { mayRaise: true }).option('--force', 'although the gate waits; needs --reason');
  run(command, end, 'rollout advance new_checkout', (options: AdvanceOptions, feature: string) =>
    orHeld(terminal, options, () =>
      withController(terminal, options, async (controller) => {
        const { environment } = terminal;
        const how = changeOptions(terminal, options);
        const outcome = await advanceFeature(controller, {
          ...how,
          feature,
          environment,
          force: options.force ?? false,
        });
        const { advance, judgement, forced } = outcome;
        const more = { feature, advance: advanceJson(advance), judgement, forced };
        return reportChange(terminal, options, outcome, more);
      }),
    ),
  );
};
