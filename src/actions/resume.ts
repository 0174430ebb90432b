import { RolloutError } from '../errors.ts';
import { changeOptions, changing } from './changing.ts';
import { requireFeature, requireReason } from './inputs.ts';
import type { ActionEntry } from './session.ts';

/** Lets a feature that was taken back be raised again, by pull request unless told otherwise. */
export const run: ActionEntry = (session) =>
  changing(session, async (opened) => {
    const { inputs } = session;
    const reason = requireReason(inputs);
    const how = { ...changeOptions(inputs), via: inputs.via ?? ('pull_request' as const), reason };
    const { resumeAll, resumeFeature } = await import('../app/resume.ts');
    if (!inputs.all) {
      const percentage = inputs.percentage ?? undefined;
      return resumeFeature(opened, { ...how, feature: requireFeature(inputs), percentage });
    }
    if (inputs.feature === null && inputs.percentage === null) return resumeAll(opened, how);
    throw new RolloutError('usage', 'all contradicts a feature or a percentage', {
      hint: 'leave one of them out: all resumes each feature as far as the file says',
    });
  });
