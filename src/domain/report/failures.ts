/** A subject whose jobs failed in the last day of an epoch. */
export interface WorstSubject {
  /** Id of the subject, and the `owner/name` of a repository or a customer's name; null if names may not be shown. */
  subject: string | null;
  name: string | null;
  /** Jobs that finished since its first failure of the day; null if nobody counted them by subject. */
  finished: number | null;
  failed: number;
  /** Percentage of all failures. */
  share: number;
  /** Start of the first failed job, to within five minutes. */
  since: Date;
}

/** Failing subjects in the last day of an epoch. */
export interface WorstSubjects {
  /** Epoch of the failures: the present one, or, until somebody resumes the feature, the one that was rolled back. */
  epoch: number;
  /** Failed treatment jobs, and the number of their subjects. */
  failed: number;
  subjects: number;
  /** The worst first. */
  worst: WorstSubject[];
}

/** Trend of a class against the day before: `new` had no failure before this day. */
export type ErrorTrend = 'new' | 'more' | 'same' | 'less' | 'gone';

/** Failed jobs of one class of errors, in the last 24 hours and in the 24 hours before. */
export interface ErrorClassCount {
  /** Class such as `TypeError` or `DatabaseError 23505`; null: the texts show no class. */
  class: string | null;
  failed: number;
  failed_before: number;
  control_failed: number;
  control_failed_before: number;
  first_at: Date;
  last_at: Date;
}

export interface ErrorClass extends ErrorClassCount {
  trend: ErrorTrend;
  /** True: it had no failure before the epoch began. */
  new_in_epoch: boolean;
}

/** Errors by class, the most frequent first. */
export interface ErrorClasses {
  /** Finished treatment jobs in these hours. */
  jobs: number;
  jobs_before: number;
  classes: ErrorClass[];
  /** Number of classes that are not listed. */
  more: number;
}

/** Failures of a feature; each field is left out if there are none. */
export interface Failures {
  worst_subjects?: WorstSubjects;
  error_classes?: ErrorClasses;
}

/** Standard deviations by which counts must differ, so that chance seldom looks like a trend. */
const CLEARLY = 2;

/**
 * Compares a class with the day before. `since`: start of the last 24 hours. Corrected for the number of jobs, because
 * more jobs fail at a higher percentage.
 */
export function errorTrend(
  { failed, failed_before: before, first_at }: ErrorClassCount,
  { jobs, jobs_before }: Pick<ErrorClasses, 'jobs' | 'jobs_before'>,
  since: Date,
): ErrorTrend {
  if (first_at >= since) return 'new';
  if (failed === 0) return 'gone';
  const more = jobs > 0 && jobs_before > 0 ? jobs / jobs_before : 1;
  const expected = before * more;
  const difference = (failed - expected) / Math.sqrt(failed + expected * more);
  if (Math.abs(difference) < CLEARLY) return 'same';
  return difference > 0 ? 'more' : 'less';
}

/** Removes the subjects' ids and names. */
export function withoutSubjects<T extends Failures>(failures: T): T {
  const { worst_subjects: shown } = failures;
  if (!shown) return failures;
  const worst = shown.worst.map((one) => ({ ...one, subject: null, name: null }));
  return { ...failures, worst_subjects: { ...shown, worst } };
}
