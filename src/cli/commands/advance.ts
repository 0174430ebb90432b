import { advanceFeature } from '../../app/operate/advance.ts';
import { advanceJson } from '../../report/json/advance-json.ts';
import { judgementJson } from '../../report/json/health-json.ts';
import { changeOptions, orHeld, raisingOptions, reportChange } from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  const declared = raisingOptions(command).option('--force', 'although the gate waits; needs --reason');
  run(declared, end, 'rollout advance new_checkout', (options, feature) =>
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
        const more = { feature, advance: advanceJson(advance), judgement: judgementJson(judgement), forced };
        return reportChange(terminal, options, outcome, more);
      }),
    ),
  );
};
