/**
 * The database's time, told by a clock of this machine that never goes back: windows and stamps of all machines
 * are of one time, and a wall clock that jumps moves none of them.
 */
export class DatabaseClock {
  readonly #now: () => number;
  /** Milliseconds to add to the machine's clock. */
  #offset: number;

  /** `now` grows by one a millisecond; until the database is heard of, the wall clock is believed. */
  constructor(now: () => number) {
    this.#now = now;
    this.#offset = Date.now() - now();
  }

  /** The database said `time` between two moments of `now`. */
  sync(time: Date, asked: number, answered: number): void {
    this.#offset = time.getTime() - (asked + answered) / 2;
  }

  /** Milliseconds since 1970. */
  time(): number {
    return Math.round(this.#now() + this.#offset);
  }
}
