import { FuseLook } from '../../runtime/record/fuse-look.ts';
import type { Parcel } from '../../runtime/record/parcel/batch.ts';
import type { Failure } from '../../runtime/record/parcel/failure.ts';
import type { Sink } from '../../runtime/record/parcel/sink.ts';

/** Limit of simultaneous statements: the connections are the library's own, and its polls use them too. */
const AT_ONCE = 2;
/** Limit of waiting parcels; further senders are asked to come later. */
const MOST_WAITING = 100;

/** Result of a parcel. */
export type Taken = { as: 'recorded'; repeated: boolean } | { as: Failure | 'full'; error: unknown };

/** Passes applications' outcomes on to the database, a few at a time. */
export class Outcomes {
  readonly #sink: Sink;
  readonly #look: FuseLook;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#look = new FuseLook(sink);
  }

  async take(parcel: Parcel): Promise<Taken> {
    if (this.#waiting.length >= MOST_WAITING) return { as: 'full', error: null };
    await this.#turn();
    try {
      const isNew = await this.#sink.send(parcel);
      if (hasFailures(parcel)) this.#look.soon();
      return { as: 'recorded', repeated: !isNew };
    } catch (error) {
      return { as: this.#sink.failureOf(error), error };
    } finally {
      this.#working -= 1;
      this.#waiting.shift()?.();
    }
  }

  close(): void {
    this.#look.close();
  }

  async #turn(): Promise<void> {
    if (this.#working >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#working += 1;
  }
}

function hasFailures(parcel: Parcel): boolean {
  switch (parcel.kind) {
    case 'openings':
    case 'presence':
      return false;
    case 'sums':
      return parcel.items.some(({ errors }) => errors > 0);
    case 'ends':
      return parcel.items.some(({ outcome }) => !outcome.ok);
    case 'events':
      return parcel.items.some(({ bad }) => bad > 0);
  }
}
