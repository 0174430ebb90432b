import { after } from '../../lib/portable/timers.ts';
import type { Sink } from './parcel/sink.ts';

/** Milliseconds from a flush with failures to the first check for pending rollbacks, and between two checks. */
const LOOK_MS = 1_000;

/** Checks after recorded failures until no rollback is pending. */
export class FuseLook {
  readonly #sink: Pick<Sink, 'tripFuse'>;
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(sink: Pick<Sink, 'tripFuse'>) {
    this.#sink = sink;
  }

  /** Another process may have held the lock of the score, or the history lock, and may not check again for a while. */
  soon(): void {
    if (this.#closed) return;
    this.#callOff ??= after(LOOK_MS, () => {
      this.#callOff = null;
      this.#sink.tripFuse().then(
        (pending) => {
          if (pending > 0) this.soon();
        },
        // Without the right or the function, the tick does this.
        () => {},
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#callOff?.();
  }
}
