/**
 * A circuit breaker of one processor in one process: while most of its jobs fail in this process, jobs go to the
 * fallback, and now and then a probe job tests the processor. Times are milliseconds of a monotonic clock; if the clock
 * does go back, nothing happens earlier.
 */
export interface Breaker {
  /** `closed`: jobs pass. `open`: none passes. `half_open`: one job at a time passes, as a probe. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** While closed: results of the last jobs, newest last. While half open: the successful probes. */
  readonly recent: readonly boolean[];
  /** End of the newest job in `recent`. */
  readonly at: number;
  /** While open or half open: the earliest time of the next probe. */
  readonly probeAt: number;
  /** Milliseconds for which it stays open. */
  readonly pause: number;
}

/** A processor whose breaker is not closed in some processes. */
export interface BrokenProcessor {
  feature: string;
  processor: string;
  /** Number of processes in which the breaker is open, and in which it is half open. */
  open: number;
  half_open: number;
}

/** Number of finished jobs that are considered, and the minimum for a decision. */
const LOOKED_AT = 20;
const LEAST = 10;
/** Older results are ignored. */
const FORGOTTEN_MS = 60_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
/** A probe without a result after this time is given up. */
const PROBE_MS = 30_000;
const GOOD_PROBES = 3;

export const CLOSED: Breaker = {
  state: 'closed',
  recent: [],
  at: Number.NEGATIVE_INFINITY,
  probeAt: Number.NEGATIVE_INFINITY,
  pause: FIRST_PAUSE_MS,
};

/**
 * Decides whether a job may go to the processor now, and returns the breaker after that decision. A job that passes
 * while the breaker is not closed is a probe.
 */
export function admit(breaker: Breaker, now: number): { breaker: Breaker; admitted: boolean } {
  if (breaker.state === 'closed') return { breaker, admitted: true };
  if (now < breaker.probeAt) return { breaker, admitted: false };
  const recent = breaker.state === 'half_open' ? breaker.recent : [];
  return { breaker: { ...breaker, state: 'half_open', recent, probeAt: now + PROBE_MS }, admitted: true };
}

/**
 * Returns the breaker after a job of the processor has ended. Jobs that were already running when it opened have no
 * effect.
 */
export function ended(breaker: Breaker, ok: boolean, now: number): Breaker {
  if (breaker.state === 'open') return breaker;
  if (breaker.state === 'half_open') return probed(breaker, ok, now);
  const known = now - breaker.at > FORGOTTEN_MS ? [] : breaker.recent;
  const recent = [...known, ok].slice(-LOOKED_AT);
  const failed = recent.filter((good) => !good).length;
  if (recent.length < LEAST || failed * 2 < recent.length) return { ...breaker, recent, at: now };
  return opened(breaker, FIRST_PAUSE_MS, now);
}

function probed(breaker: Breaker, ok: boolean, now: number): Breaker {
  if (!ok) return opened(breaker, Math.min(LONGEST_PAUSE_MS, breaker.pause * 2), now);
  const recent = [...breaker.recent, ok];
  return recent.length >= GOOD_PROBES ? CLOSED : { ...breaker, recent, at: now, probeAt: now };
}

function opened(breaker: Breaker, pause: number, now: number): Breaker {
  return { ...breaker, state: 'open', recent: [], at: now, probeAt: now + pause, pause };
}
