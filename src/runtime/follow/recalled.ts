import type { Source } from './snapshot-status.ts';

/** A source that answers with the age of a kept snapshot until the first one of its own comes. */
export class Recalled implements Source {
  readonly #source: Source;
  readonly #now: () => number;
  /** When the kept snapshot was confirmed, by `now`; null: none is in use. */
  #confirmedAt: number | null = null;

  constructor(source: Source, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** A kept snapshot of this age is decided by from now on. */
  use(ageMs: number): void {
    this.#confirmedAt = this.#now() - ageMs;
  }

  get ageMs(): number | null {
    return this.#source.ageMs ?? (this.#confirmedAt === null ? null : this.#now() - this.#confirmedAt);
  }

  get generation(): number | null {
    return this.#source.generation;
  }

  get missedHeartbeat(): Date | null {
    return this.#source.missedHeartbeat;
  }
}
