import type { ResumeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { resumeExit } from '../../report/words/exits.ts';
import { skippedText, UNLATCHED } from '../../report/words/outcome-words.ts';
import { reasonOf, requireFeature } from '../runner/inputs.ts';
import type { Opened } from '../runner/open.ts';
import type { ActionEntry, Session } from '../runner/session.ts';
import { changeOptions, changing, type Ended } from './changing.ts';

/** Allows a rolled-back feature to be raised again, by default by pull request. */
export const run: ActionEntry = (session) => changing(session, (opened) => resumed(session, opened), ended);

async function resumed({ inputs }: Session, opened: Opened): Promise<ResumeOutcome> {
  const reason = reasonOf(inputs, 'resume');
  const how = { ...changeOptions(inputs), via: inputs.via ?? ('pull_request' as const), reason };
  const { resumeAll, resumeFeature } = await import('../../app/operate/resume.ts');
  if (!inputs.all) {
    const percentage = inputs.percentage ?? undefined;
    return resumeFeature(opened, { ...how, feature: requireFeature(inputs), percentage });
  }
  if (inputs.feature === null && inputs.percentage === null) return resumeAll(opened, how);
  throw new RolloutError('usage', 'all cannot be combined with a feature or a percentage', {
    hint: 'leave one of them out: all resumes each feature as far as the file says',
  });
}

/** The global stop is lifted by no file, and features that stay held were not resumed as requested. */
function ended(outcome: ResumeOutcome): Ended {
  const { unlatched, skipped } = outcome;
  return {
    exit: resumeExit(outcome),
    done: unlatched ? [UNLATCHED] : [],
    held: skipped.map(skippedText),
  };
}
