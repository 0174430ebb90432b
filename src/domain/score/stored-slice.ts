import { ODDS_MULTIPLIERS, type PerMultiplier } from './factor.ts';

/**
 * One slice of one scope as it is kept. What its spans have gained stands apart from what each of them is charged,
 * so that one row serves every limit: the limit, the warning rate and the critical rate of today, and a limit that
 * somebody changes tomorrow.
 */
export interface StoredSlice {
  /** Seconds since 1970 at which its first job began. */
  readonly startedAt: number;
  /** The start that was added with its first job, 0 to 1. */
  readonly weight: number;
  /** Spans of treatment that began in it. */
  readonly spans: number;
  /** Sum of ln(1 + (k - 1) f) over these spans for each odds multiplier k, f being the failed fraction of a span. */
  readonly gain: PerMultiplier;
  /** Treatment jobs that began in these spans, those that failed, and the spans that hold a failure. */
  readonly jobs: number;
  /** Those of `jobs` that have ended, well or not. */
  readonly finished: number;
  readonly failed: number;
  readonly failedSpans: number;
  /** Control jobs that ended while this was the newest slice, and those of them that failed. */
  readonly controlJobs: number;
  readonly controlFailed: number;
}

/** ln of the product of the factors of its spans; `cost` as `costs(limit)` gives it. */
export function logFactorOf({ gain, spans }: StoredSlice, cost: PerMultiplier): PerMultiplier {
  return ODDS_MULTIPLIERS.map((_, i) => (gain[i] ?? 0) - spans * (cost[i] ?? 0)) as PerMultiplier;
}
