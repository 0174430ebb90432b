/**
 * The database's time, kept by a monotonic clock of this machine: windows and stamps of all machines share one time,
 * and a wall clock that jumps moves none of them.
 */
export class DatabaseClock {
  readonly #now: () => number;
  /** Milliseconds to add to the machine's clock. */
  #offset: number;

  /** `now` returns monotonic milliseconds; until the database answers, the wall clock is used. */
  constructor(now: () => number) {
    this.#now = now;
    this.#offset = Date.now() - now();
  }

  /** Adjusts the offset: the database returned `time` between two moments of `now`. */
  sync(time: Date, asked: number, answered: number): void {
    this.#offset = time.getTime() - (asked + answered) / 2;
  }

  /** Milliseconds since 1970. */
  time(): number {
    return Math.round(this.#now() + this.#offset);
  }
}
