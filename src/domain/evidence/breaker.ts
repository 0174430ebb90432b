/**
 * A breaker of one processor in one process: while most of its jobs fail here, jobs go to the fallback instead, and now
 * and then one probes whether it works again. Times are milliseconds of a clock that does not go back; where it does,
 * nothing happens earlier.
 */
export interface Breaker {
  /** `closed`: jobs go. `open`: none does. `half_open`: one at a time does, to probe. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** While closed how the last jobs ended, newest last; while half open the probes that ended well. */
  readonly recent: readonly boolean[];
  /** When the newest of them ended. */
  readonly at: number;
  /** While open or half open: when the next probe may go. */
  readonly probeAt: number;
  /** Milliseconds that it stays open. */
  readonly pause: number;
}

/** A processor whose breaker is not closed in some processes. */
export interface BrokenProcessor {
  feature: string;
  processor: string;
  /** Processes in which it is open, and in which it is half open. */
  open: number;
  half_open: number;
}

/** Ends that are looked at, and the fewest that say something. */
const LOOKED_AT = 20;
const LEAST = 10;
/** What ended so long ago says nothing of now. */
const FORGOTTEN_MS = 60_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
/** A probe of which nothing is heard for so long is given up. */
const PROBE_MS = 30_000;
const GOOD_PROBES = 3;

export const CLOSED: Breaker = {
  state: 'closed',
  recent: [],
  at: Number.NEGATIVE_INFINITY,
  probeAt: Number.NEGATIVE_INFINITY,
  pause: FIRST_PAUSE_MS,
};

/** May a job go to the processor now? The breaker after that: who may go while it is not closed is its probe. */
export function admit(breaker: Breaker, now: number): { breaker: Breaker; admitted: boolean } {
  if (breaker.state === 'closed') return { breaker, admitted: true };
  if (now < breaker.probeAt) return { breaker, admitted: false };
  const recent = breaker.state === 'half_open' ? breaker.recent : [];
  return { breaker: { ...breaker, state: 'half_open', recent, probeAt: now + PROBE_MS }, admitted: true };
}

/** The breaker after a job of the processor has ended. Jobs that were under way when it opened change nothing. */
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
