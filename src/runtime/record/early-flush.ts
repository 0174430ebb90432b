/** A failure after so long without one is news. */
const QUIET_MS = 1_000;
/** Of a stretch of failures each such one is sent early. */
const EVERY = 10;

/**
 * Which failures are worth a flush before its time: the first after a quiet second, and every tenth. A breakage is seen
 * within a moment, and a feature that always fails a little costs no more than a few flushes.
 */
export class EarlyFlush {
  #failedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;

  /** A job failed at `now`, in milliseconds that never go back; true: flush soon. */
  failed(now: number): boolean {
    const quiet = now - this.#failedAt >= QUIET_MS;
    this.#failedAt = now;
    this.#failures += 1;
    if (!quiet && this.#failures < EVERY) return false;
    this.#failures = 0;
    return true;
  }
}
