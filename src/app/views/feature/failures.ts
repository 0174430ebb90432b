import type { ErrorClass, ErrorClasses, Failures } from '../../../domain/report/failures.ts';
import { errorTrend } from '../../../domain/report/failures.ts';
import type { RolledBack } from '../../../domain/report/rolled-back.ts';
import type { FeatureStanding } from '../../../store/configuration/feature-rows.ts';
import type { ClassesOfFeature } from '../../../store/outcomes/error-classes.ts';
import type { FailingEpoch } from '../../../store/outcomes/failing-subjects.ts';
import type { Reader } from '../../../store/store.ts';

/** Default number of listed subjects. */
export const WORST_SUBJECTS = 5;
const CLASSES = 5;

/**
 * Returns the epoch whose failures are shown: the present one, or, until somebody resumes the feature, the one that was
 * rolled back, up to the rollback.
 */
export function failingEpoch(
  { feature, epoch }: Pick<FeatureStanding, 'feature' | 'epoch'>,
  rolledBack: RolledBack | null,
  now: Date,
): FailingEpoch {
  return rolledBack
    ? { feature, epoch: epoch - 1, until: rolledBack.opened_at }
    : { feature, epoch, until: now };
}

/**
 * Reads the failing subjects and error classes of the last day of these epochs; features without failures have neither.
 */
export async function readFailures(
  read: Reader,
  asked: readonly FailingEpoch[],
  worst = WORST_SUBJECTS,
): Promise<(feature: string) => Failures> {
  const subjects = await read.outcomes.failingSubjects(asked, worst);
  const classes = await read.outcomes.errorClasses(asked, CLASSES);
  return (feature) => {
    const who = subjects.get(feature);
    const what = classes.get(feature);
    return { ...(who && { worst_subjects: who }), ...(what && { error_classes: classesTold(what) }) };
  };
}

function classesTold({
  since,
  epoch_started_at: began,
  jobs,
  jobs_before,
  classes,
  more,
}: ClassesOfFeature): ErrorClasses {
  const told = classes.map((one): ErrorClass => {
    const trend = errorTrend(one, { jobs, jobs_before }, since);
    return { ...one, trend, new_in_epoch: began !== null && one.first_at >= began };
  });
  return { jobs, jobs_before, classes: told, more };
}
