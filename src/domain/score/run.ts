import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';
import type { Slice, SliceCounts } from './slice.ts';

/**
 * Page's level of each odds multiplier, besides the detector's (CUSUM, Page 1954). The run is everything since Page's
 * level was last at zero: the time range of a verdict's sentence. It decides nothing by itself.
 */
export interface Runs {
  readonly levels: PerMultiplier;
  /** Start of the slice in which each run began, in seconds since 1970; null before the first slice. */
  readonly startedAt: readonly (number | null)[];
  /** Totals before that slice. */
  readonly before: readonly SliceCounts[];
  readonly totals: SliceCounts;
}

const NOTHING: SliceCounts = { jobs: 0, failed: 0, failedSpans: 0 };

export function noRuns(): Runs {
  const each = <T>(value: T) => ODDS_MULTIPLIERS.map(() => value);
  return { levels: zeros(), startedAt: each(null), before: each(NOTHING), totals: NOTHING };
}

/** Returns the runs after one more slice. */
export function extend(runs: Runs, slice: Slice): Runs {
  const restarts = runs.levels.map((level) => level <= 0);
  return {
    levels: runs.levels.map((level, i) => Math.max(0, level) + (slice.logFactor[i] ?? 0)) as PerMultiplier,
    startedAt: runs.startedAt.map((at, i) => (restarts[i] ? slice.startedAt : at)),
    before: runs.before.map((counts, i) => (restarts[i] ? runs.totals : counts)),
    totals: plus(runs.totals, slice),
  };
}

/** Returns the counts of one multiplier's run, and when it began. */
export function runOf(runs: Runs, multiplier: number): SliceCounts & { since: number | null } {
  return {
    ...minus(runs.totals, runs.before[multiplier] ?? NOTHING),
    since: runs.startedAt[multiplier] ?? null,
  };
}

function plus(a: SliceCounts, b: SliceCounts): SliceCounts {
  return { jobs: a.jobs + b.jobs, failed: a.failed + b.failed, failedSpans: a.failedSpans + b.failedSpans };
}

function minus(a: SliceCounts, b: SliceCounts): SliceCounts {
  return { jobs: a.jobs - b.jobs, failed: a.failed - b.failed, failedSpans: a.failedSpans - b.failedSpans };
}
