import type { ResumeOutcome } from '../../app/operate/resume.ts';
import { RolloutError } from '../../errors.ts';
import { requireFeature, requireReason } from '../runner/inputs.ts';
import type { Opened } from '../runner/open.ts';
import type { ActionEntry, Session } from '../runner/session.ts';
import { type Besides, changeOptions, changing } from './changing.ts';

/** Lets a feature that was rolled back be raised again, by pull request unless told otherwise. */
export const run: ActionEntry = (session) => changing(session, (opened) => resumed(session, opened), besides);

async function resumed({ inputs }: Session, opened: Opened): Promise<ResumeOutcome> {
  const reason = requireReason(inputs);
  const how = { ...changeOptions(inputs), via: inputs.via ?? ('pull_request' as const), reason };
  const { resumeAll, resumeFeature } = await import('../../app/operate/resume.ts');
  if (!inputs.all) {
    const percentage = inputs.percentage ?? undefined;
    return resumeFeature(opened, { ...how, feature: requireFeature(inputs), percentage });
  }
  if (inputs.feature === null && inputs.percentage === null) return resumeAll(opened, how);
  throw new RolloutError('usage', 'all contradicts a feature or a percentage', {
    hint: 'leave one of them out: all resumes each feature as far as the file says',
  });
}

/** The stop of everything ends by no file, and what stays held is not what was asked for. */
function besides({ unlatched, skipped }: ResumeOutcome): Besides {
  return {
    done: unlatched ? ['the stop of everything is lifted'] : [],
    held: skipped.map(({ feature, reason }) => `${feature} stays held: ${reason}`),
  };
}
