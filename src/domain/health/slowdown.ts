import type { Judgement } from './judgement.ts';

/** Mean processing times of one processor and job class: treatment now, and the baseline. */
export interface SpeedComparison {
  processor: string;
  job_class: string;
  jobs: number;
  mean_ms: number;
  baseline_jobs: number;
  baseline_ms: number;
  /** Control of the same epoch, or, if there is none, treatment before this step. */
  baseline: 'control' | 'before';
}

/** Minimum of timed jobs on each side; with fewer, a mean is not meaningful. */
const LEAST_JOBS = 30;

/** The slowest comparison above the limit, or null. */
export function slowest(
  comparisons: readonly SpeedComparison[],
  maxSlowdown: number,
): SpeedComparison | null {
  const slow = comparisons.filter(
    (c) => c.jobs >= LEAST_JOBS && c.baseline_jobs >= LEAST_JOBS && c.mean_ms > maxSlowdown * c.baseline_ms,
  );
  return slow.sort((a, b) => b.mean_ms / b.baseline_ms - a.mean_ms / a.baseline_ms)[0] ?? null;
}

/** Returns the largest ratio of a mean to its baseline; null if nothing can be compared. */
export function slowdownOf(comparisons: readonly SpeedComparison[]): number | null {
  const slow = slowest(comparisons, 0);
  return slow && slow.baseline_ms > 0 ? slow.mean_ms / slow.baseline_ms : null;
}

/**
 * Warns about a feature that is slower than its baseline for the second tick in a row; it is never rolled back for
 * that. A worse verdict stays.
 */
export function withSlowdown(
  judgement: Judgement,
  slow: SpeedComparison | null,
  slowBefore: boolean,
  maxSlowdown: number,
): Judgement {
  if (!slow || !slowBefore || judgement.verdict !== 'healthy') return judgement;
  const ratio = Math.round((slow.mean_ms / slow.baseline_ms) * 100) / 100;
  const than = slow.baseline === 'control' ? 'control' : 'before this step';
  return {
    ...judgement,
    verdict: 'warning',
    reasonCode: 'slower',
    severity: 'warning',
    reason: `${slow.processor} takes ${Math.round(slow.mean_ms)} ms, ${ratio} times as long as ${than} (${Math.round(slow.baseline_ms)} ms) for the second check; at most ${maxSlowdown} times is allowed`,
  };
}
