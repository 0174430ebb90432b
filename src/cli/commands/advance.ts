import { advanceFeature } from '../../app/operate/advance.ts';
import { advanceJson } from '../../report/json/advance-json.ts';
import { changeJson } from '../../report/json/change-json.ts';
import {
  type ChangingOptions,
  changeExit,
  changeOptions,
  changingOptions,
  orHeld,
  tellChange,
} from '../terminal/changing.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

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
        if (options.json)
          terminal.json({
            feature,
            advance: advanceJson(advance),
            judgement,
            forced,
            ...changeJson(outcome),
          });
        else tellChange(terminal, options, outcome);
        // What waits is no error: the gate did its work.
        const waits = outcome.file === null && advance.wait !== null && !options.force;
        return waits || advance.next === null ? EXIT.held : changeExit(outcome);
      }),
    ),
  );
};
