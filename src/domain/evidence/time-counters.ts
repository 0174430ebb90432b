/**
 * Counters of durations by place; the bounds of the places grow by a constant ratio. Counters of two windows are merged
 * by adding place by place, so quantiles of any hours, arms and processors can be computed later, with a relative error
 * of less than 4.8%.
 */
export type TimeCounters = ReadonlyMap<number, number>;

/** Ratio of a bound to the one before it. A place is represented by the geometric mean of its bounds. */
const GROWTH = 1.1;

const LN_GROWTH = Math.log(GROWTH);

/** The last place: 30 years. */
export const LAST_PLACE = 290;

/** Returns the place of a duration in milliseconds. All durations of at most a millisecond share place 0. */
export function timePlace(ms: number): number {
  return ms > 1 ? Math.min(LAST_PLACE, Math.ceil(Math.log(ms) / LN_GROWTH)) : 0;
}

/**
 * Returns the duration that represents a place, in milliseconds: within 4.8% of every duration in it, except those
 * below a millisecond.
 */
export function timeAt(place: number): number {
  return place === 0 ? 1 : (2 * GROWTH ** place) / (GROWTH + 1);
}

/** Builds counters from pairs of place and count. */
export function countersOf(rows: Iterable<readonly [place: number, count: number]>): TimeCounters {
  const counters = new Map<number, number>();
  for (const [place, count] of rows) counters.set(place, (counters.get(place) ?? 0) + count);
  return counters;
}

/** Merges counters by adding place by place. */
export function mergedCounters(all: readonly TimeCounters[]): TimeCounters {
  return countersOf(all.flatMap((one) => [...one]));
}

/** Returns the number of counted jobs. */
export function countedTimes(counters: TimeCounters): number {
  let total = 0;
  for (const count of counters.values()) total += count;
  return total;
}

/** Returns the smallest place at or below which at least `share` of the jobs lie; null without a job. */
export function quantilePlace(counters: TimeCounters, share: number): number | null {
  const total = countedTimes(counters);
  if (total === 0) return null;
  // The epsilon absorbs rounding of the product, so 0.95 of 20 is 19.
  const needed = Math.max(1, Math.ceil(share * total - 1e-9));
  let seen = 0;
  for (const [place, count] of [...counters].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= needed) return place;
  }
  return null;
}

/** Durations below which 50%, 95% and 99% of the jobs lie, in milliseconds; null if no duration is known. */
export interface Quantiles {
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

export function quantilesOf(counters: TimeCounters): Quantiles {
  const at = (share: number) => {
    const place = quantilePlace(counters, share);
    return place === null ? null : Math.round(timeAt(place));
  };
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}
