import { requireFeature } from '../runner/inputs.ts';
import type { ActionEntry } from '../runner/session.ts';
import { changeOptions, changing } from './changing.ts';

/** Takes the next step through the same gate as the tick, by default by pull request. */
export const run: ActionEntry = (session) =>
  changing(session, async (opened) => {
    const { inputs, environment } = session;
    const how = { ...changeOptions(inputs), via: inputs.via ?? ('pull_request' as const) };
    const { advanceFeature } = await import('../../app/operate/advance.ts');
    return advanceFeature(opened, {
      ...how,
      feature: requireFeature(inputs),
      environment,
      force: inputs.force,
    });
  });
