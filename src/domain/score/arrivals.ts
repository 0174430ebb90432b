const HOUR = 3600;
const MINUTE = 60;
const MINUTES = 60;

/** Too few seconds to measure the traffic. */
const LEAST_SECONDS = 900;

/** Jobs that began, per minute of the last hour. Mutable. */
export interface Arrivals {
  readonly startedAt: number;
  readonly minutes: number[];
  newest: number;
  sum: number;
}

export function newArrivals(startedAt: number): Arrivals {
  return {
    startedAt,
    minutes: new Array(MINUTES).fill(0),
    newest: Math.floor(startedAt / MINUTE),
    sum: 0,
  };
}

/** What is stored of arrivals: the minutes with jobs, each as its place and its jobs. */
export interface StoredArrivals {
  startedAt: number;
  newest: number;
  minutes: readonly number[];
}

export function storedArrivals({ startedAt, newest, minutes }: Arrivals): StoredArrivals {
  return {
    startedAt,
    newest,
    minutes: minutes.flatMap((count, place) => (count === 0 ? [] : [place, count])),
  };
}

export function resumedArrivals({ startedAt, newest, minutes }: StoredArrivals): Arrivals {
  const arrivals: Arrivals = { ...newArrivals(startedAt), newest };
  for (let i = 0; i < minutes.length; i += 2) {
    const count = minutes[i + 1] ?? 0;
    arrivals.minutes[minutes[i] ?? 0] = count;
    arrivals.sum += count;
  }
  return arrivals;
}

export function countArrivals(arrivals: Arrivals, now: number, count: number): void {
  forget(arrivals, now);
  const place = arrivals.newest % MINUTES;
  arrivals.minutes[place] = (arrivals.minutes[place] ?? 0) + count;
  arrivals.sum += count;
}

/**
 * Returns jobs per hour by the last hour, or the part of it that is known; null if that is less than a quarter of an
 * hour.
 */
export function jobsLastHour(arrivals: Arrivals, now: number): number | null {
  forget(arrivals, now);
  const known = Math.min(HOUR, now - arrivals.startedAt);
  return known < LEAST_SECONDS ? null : (arrivals.sum * HOUR) / known;
}

function forget(arrivals: Arrivals, now: number): void {
  const minute = Math.floor(now / MINUTE);
  if (minute <= arrivals.newest) return;
  const gone = Math.min(MINUTES, minute - arrivals.newest);
  for (let i = 1; i <= gone; i++) {
    const place = (arrivals.newest + i) % MINUTES;
    arrivals.sum -= arrivals.minutes[place] ?? 0;
    arrivals.minutes[place] = 0;
  }
  arrivals.newest = minute;
}
