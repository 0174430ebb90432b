/** A failure after so long without one is news. */
const QUIET_MS = 1_000;
/** Of a stretch of failures each such one is sent early. */
const EVERY = 10;
/** So many failures are a surge, if they come so many times as fast as those of about the last minute did. */
const FEWEST = 2;
const TIMES_AS_FAST = 3;
const USUAL_MS = 60_000;

/**
 * Which failures are worth a flush before its time: the first after a quiet second, every tenth, and in a surge every
 * second one. A breakage is seen within a moment, and a feature that always fails a little costs no more than a few flushes:
 * what goes on for half a minute is no surge any more.
 */
export class EarlyFlush {
  #failedAt = Number.NEGATIVE_INFINITY;
  /** When a flush was asked for last, and the failures since. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** Failures in a millisecond; those of a minute ago count for a third. */
  #usual = 0;

  /** A job failed at `now`, in milliseconds that never go back; true: flush soon. */
  failed(now: number): boolean {
    const pause = now - this.#failedAt;
    this.#failedAt = now;
    this.#failures += 1;
    const isSurge =
      this.#failures >= FEWEST && this.#failures > TIMES_AS_FAST * this.#usual * (now - this.#askedAt);
    this.#usual = this.#usual * Math.exp(-pause / USUAL_MS) + 1 / USUAL_MS;
    if (pause < QUIET_MS && this.#failures < EVERY && !isSurge) return false;
    this.#failures = 0;
    this.#askedAt = now;
    return true;
  }
}
