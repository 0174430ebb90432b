import { RolloutError } from '../../errors.ts';
import { requireFeature } from '../runner/inputs.ts';
import type { ActionEntry } from '../runner/session.ts';
import { changeOptions, changing } from './changing.ts';

/** Writes a percentage into the file; a raise goes by default by pull request. */
export const run: ActionEntry = (session) =>
  changing(session, async (opened) => {
    const { inputs } = session;
    const { percentage } = inputs;
    if (percentage === null) {
      throw new RolloutError('usage', 'set needs a percentage', {
        hint: 'set the input percentage',
      });
    }
    const { setPercentage } = await import('../../app/operate/set.ts');
    const how = { ...changeOptions(inputs), raiseVia: 'pull_request' as const };
    return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
  });
