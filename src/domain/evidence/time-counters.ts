/**
 * Times of jobs, counted in places whose bounds grow by a constant ratio. What is counted in two windows is counted in
 * both of them by adding place by place, so quantiles of any hours, arms and processors are known afterwards, within a
 * relative error of less than 4.8%.
 */
export type TimeCounters = ReadonlyMap<number, number>;

/** Bound over the bound before it. A place is answered with the time that is as far, by ratio, from both of its bounds. */
const GROWTH = 1.1;

const LN_GROWTH = Math.log(GROWTH);

/** The last place: 30 years. */
export const LAST_PLACE = 290;

/** The place of a time in milliseconds. All times of at most a millisecond share the place 0. */
export function timePlace(ms: number): number {
  return ms > 1 ? Math.min(LAST_PLACE, Math.ceil(Math.log(ms) / LN_GROWTH)) : 0;
}

/** The time that stands for a place, in milliseconds: within 4.8% of every time in it but those below a millisecond. */
export function timeAt(place: number): number {
  return place === 0 ? 1 : (2 * GROWTH ** place) / (GROWTH + 1);
}

/** The counters of places that each stand beside their count. */
export function countersOf(rows: Iterable<readonly [place: number, count: number]>): TimeCounters {
  const counters = new Map<number, number>();
  for (const [place, count] of rows) counters.set(place, (counters.get(place) ?? 0) + count);
  return counters;
}

/** All counters as if they had been one. */
export function mergedCounters(all: readonly TimeCounters[]): TimeCounters {
  return countersOf(all.flatMap((one) => [...one]));
}

/** How many jobs were counted. */
export function countedTimes(counters: TimeCounters): number {
  let total = 0;
  for (const count of counters.values()) total += count;
  return total;
}

/** The place below or in which at least `share` of the jobs lie; null without a job. */
export function quantilePlace(counters: TimeCounters, share: number): number | null {
  const total = countedTimes(counters);
  if (total === 0) return null;
  // A little less: 0.95 of 20 is 19, whatever the last digit of the product.
  const needed = Math.max(1, Math.ceil(share * total - 1e-9));
  let seen = 0;
  for (const [place, count] of [...counters].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= needed) return place;
  }
  return null;
}

/** Times below which half, 95% and 99% of the jobs lie, in milliseconds; null where no time is known. */
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
