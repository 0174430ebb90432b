/** Milliseconds without a failure after which the next one is sent early. */
const QUIET_MS = 1_000;
/** During continued failures, one in this many is sent early. */
const EVERY = 10;
/**
 * Failures are a surge if there are at least this many, and they come this many times as fast as in about the last
 * minute.
 */
const FEWEST = 2;
const TIMES_AS_FAST = 3;
const USUAL_MS = 60_000;

/**
 * Decides which failures cause an early flush: the first after a quiet second, every tenth, and in a surge every second
 * one. A breakage is seen within a moment, while a feature that always fails a little costs only a few flushes: after
 * half a minute a surge is no longer one.
 */
export class EarlyFlush {
  #failedAt = Number.NEGATIVE_INFINITY;
  /** Time of the last requested flush, and the failures since. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** Failures per millisecond; those of a minute ago count for a third. */
  #usual = 0;

  /** Records a failed job at `now`, in monotonic milliseconds; true: flush soon. */
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
