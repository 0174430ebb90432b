import { ODDS_MULTIPLIERS, type PerMultiplier } from './factor.ts';

/**
 * One stored slice of one scope. The gain of its spans is stored separately from their cost, so one row serves every
 * limit: today's limit, warning rate and critical rate, and a limit that is changed tomorrow.
 */
export interface StoredSlice {
  /** Start of its first job, in seconds since 1970. */
  readonly startedAt: number;
  /** The start that was added with its first job, 0 to 1. */
  readonly weight: number;
  /** Spans of treatment that began in it. */
  readonly spans: number;
  /** Sum of ln(1 + (k - 1) f) over these spans for each odds multiplier k, f being the failed fraction of a span. */
  readonly gain: PerMultiplier;
  /** Treatment jobs that began in these spans, the failed ones, and the spans with a failure. */
  readonly jobs: number;
  /** Ended jobs among `jobs`, successful or not. */
  readonly finished: number;
  readonly failed: number;
  readonly failedSpans: number;
  /** Control jobs that ended while this was the newest slice, and the failed ones. */
  readonly controlJobs: number;
  readonly controlFailed: number;
}

/** Returns ln of the product of the factors of its spans; `cost` comes from `costs(limit)`. */
export function logFactorOf({ gain, spans }: StoredSlice, cost: PerMultiplier): PerMultiplier {
  return ODDS_MULTIPLIERS.map((_, i) => (gain[i] ?? 0) - spans * (cost[i] ?? 0)) as PerMultiplier;
}
