import { emptyTally } from '../evidence/evidence.ts';
import type { Window } from './watch.ts';

/** The judgement in a word. What each of them sets off stands in ARCHITECTURE.md. */
export type Verdict = 'healthy' | 'warning' | 'suspect' | 'harmful' | 'insufficient' | 'no_data' | 'error';

/** The rule that decided by the evidence. */
export type ScoreReason =
  | 'impossible_evidence'
  | 'no_treated_jobs'
  | 'worse_than_control_and_over_limit'
  | 'shared_outage'
  | 'over_limit'
  | 'worse_than_control'
  | 'over_warning_rate'
  | 'drifting_from_control'
  | 'too_few_jobs'
  | 'healthy';

/** The rule that decided. */
export type ReasonCode = ScoreReason | 'slower' | 'outcomes_stopped';

/** `critical` where the critical error rate is exceeded too. */
export type Severity = 'none' | 'warning' | 'error' | 'critical';

/** Evidence as natural logarithms: 7.6 is 2000 to 1, 4.6 is 100 to 1, below 0 speaks for the feature. */
interface Scores {
  /** Against `maxErrorRate`. */
  absolute: number;
  /** Treatment against control. */
  relative: number;
  /** Against `warningErrorRate`. */
  warning: number;
  /** Against `criticalErrorRate`. */
  critical: number;
}

export interface Judgement {
  verdict: Verdict;
  reasonCode: ReasonCode;
  /** One sentence with the arithmetic, without a full stop. */
  reason: string;
  severity: Severity;
  /** `all`, or the category that was judged alone. */
  scope: string;
  /** Finished treatment jobs in all the evidence of this scope, and those that failed. */
  jobs: number;
  errors: number;
  scores: Scores;
  /** What the absolute score (for the plain rule: the rate) rests on. */
  window: Window;
}

/** The scope of a judgement over every category. */
export const ALL = 'all';

/** The judgement where the evidence could not be read or is impossible; `problem` is a clause. */
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
    window: { since: null, ...emptyTally() },
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

/** Positive when `a` is worse than `b`: by verdict, then by severity. Verdicts that raise nothing are equal. */
export function compareBadness(a: Badness, b: Badness): number {
  return BADNESS[a.verdict] - BADNESS[b.verdict] || GRAVITY[a.severity] - GRAVITY[b.severity];
}
