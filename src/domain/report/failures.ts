/** A subject whose jobs failed in the last day of an epoch. */
export interface WorstSubject {
  /** Its id, and `owner/name` of a repository or a customer's name; null where names may not be shown. */
  subject: string | null;
  name: string | null;
  /** Jobs that have finished since its first failure of the day; null where outcomes are not kept by subject. */
  finished: number | null;
  failed: number;
  /** Percent of all failures. */
  share: number;
  /** When the first of its failed jobs began, within five minutes. */
  since: Date;
}

/** Who failed in the last day of an epoch. */
export interface WorstSubjects {
  /** Epoch that the failures are of: the present one, or until somebody resumes it the one that was rolled back. */
  epoch: number;
  /** Failed treatment jobs, and the subjects whose they are. */
  failed: number;
  subjects: number;
  /** The worst first. */
  worst: WorstSubject[];
}

/** What a class does against the day before: `new` was never seen before this day. */
export type ErrorTrend = 'new' | 'more' | 'same' | 'less' | 'gone';

/** Failed jobs of one class of errors, in the last 24 hours and in the 24 hours before. */
export interface ErrorClassCount {
  /** `TypeError`, `DatabaseError 23505`; null: what the jobs said shows no class. */
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
  /** Was it never seen before the epoch began? */
  new_in_epoch: boolean;
}

/** Errors by class, the most frequent first. */
export interface ErrorClasses {
  /** Finished treatment jobs of the same hours. */
  jobs: number;
  jobs_before: number;
  classes: ErrorClass[];
  /** Classes that are not listed. */
  more: number;
}

/** What failed, beside a feature; each is left out where nothing did. */
export interface Failures {
  worst_subjects?: WorstSubjects;
  error_classes?: ErrorClasses;
}

/** Standard deviations by which counts have to differ, so that chance alone seldom looks like a trend. */
const CLEARLY = 2;

/** `since`: beginning of the last 24 hours. Jobs are compared too: at a higher percentage more jobs fail. */
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

/** Who it was is left out. */
export function withoutSubjects<T extends Failures>(failures: T): T {
  const { worst_subjects: shown } = failures;
  if (!shown) return failures;
  const worst = shown.worst.map((one) => ({ ...one, subject: null, name: null }));
  return { ...failures, worst_subjects: { ...shown, worst } };
}
