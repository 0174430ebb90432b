import type { Counts } from '../score/ledger.ts';
import type { Severity, Verdict } from '../verdict/decide.ts';
import type { Reason } from '../verdict/reason.ts';

export type { Severity, Verdict } from '../verdict/decide.ts';

/** The rule that decided. */
export type ReasonCode = Reason['code'] | 'slower' | 'outcomes_stopped' | 'metric_unread';

/** Evidence as natural logarithms: 8.5 is 5,000 to 1, 6.9 is 1,000 to 1. */
export interface Scores {
  /** Against `maxErrorRate`. */
  absolute: number;
  /** Treatment against control. */
  relative: number;
  /** Against `warningErrorRate`. */
  warning: number;
  /** Against `criticalErrorRate`. */
  critical: number;
}

/** The counts a score rests on: finished jobs of both arms. */
export interface Window {
  /** Minutes since 1970 at which it begins; null where there is none. */
  since: number | null;
  jobs: number;
  errors: number;
  controlJobs: number;
  controlErrors: number;
}

export interface Judgement {
  verdict: Verdict;
  reasonCode: ReasonCode;
  /** One sentence with the arithmetic, without a full stop. */
  reason: string;
  severity: Severity;
  /** `all`, or the category that was judged alone. */
  scope: string;
  /** Finished treatment jobs in all the evidence of this scope, and the failed ones among them. */
  jobs: number;
  errors: number;
  scores: Scores;
  /** Window of the absolute score, or of the rate for the plain rule. */
  window: Window;
  /**
   * The few subjects that cause the score, the worst first; left out: there are too many, or the evidence is not of
   * jobs.
   */
  worst?: readonly FailingSubject[];
}

/** A subject with its finished treatment jobs, and the failed ones among them. */
export interface FailingSubject {
  subject: string;
  jobs: number;
  failed: number;
}

/** The scope of a judgement over every category. */
export const ALL = 'all';

export const EMPTY_WINDOW: Window = { since: null, jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };

/** The window of a run. */
export function windowOf(run: Counts & { since: number | null }): Window {
  return {
    since: run.since === null ? null : Math.floor(run.since / 60),
    jobs: run.finished,
    errors: run.failed,
    controlJobs: run.controlJobs,
    controlErrors: run.controlFailed,
  };
}

/** The judgement if the evidence could not be read or is impossible; `problem` is a clause. */
export function unjudged(problem: string): Judgement {
  return {
    verdict: 'error',
    reasonCode: 'impossible_evidence',
    reason: `not judged: ${problem}`,
    severity: 'error',
    scope: ALL,
    jobs: 0,
    errors: 0,
    scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
    window: EMPTY_WINDOW,
  };
}

const BADNESS: Record<Verdict, number> = {
  healthy: 0,
  insufficient: 0,
  no_data: 0,
  warning: 1,
  suspect: 2,
  harmful: 3,
  error: 4,
};
const GRAVITY: Record<Severity, number> = { none: 0, warning: 1, error: 2, critical: 3 };

type Badness = Pick<Judgement, 'verdict' | 'severity'>;

/**
 * Compares two judgements: positive if `a` is worse, by verdict, then by severity. Verdicts that raise nothing are
 * equal.
 */
export function compareBadness(a: Badness, b: Badness): number {
  return BADNESS[a.verdict] - BADNESS[b.verdict] || GRAVITY[a.severity] - GRAVITY[b.severity];
}
