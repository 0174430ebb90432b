import { after } from '../../lib/portable/timers.ts';
import type { Sink } from './sink.ts';

/** From a flush with failures to the look whether anything was left to do, and from one look to the next. */
const LOOK_MS = 1_000;

/** Looks after failures that were recorded until nothing is left to be acted on. */
export class FuseLook {
  readonly #sink: Pick<Sink, 'tripFuse'>;
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(sink: Pick<Sink, 'tripFuse'>) {
    this.#sink = sink;
  }

  /** Somebody else may have had the lock of the score, or the history lock: then nobody else may come for a while. */
  soon(): void {
    if (this.#closed) return;
    this.#callOff ??= after(LOOK_MS, () => {
      this.#callOff = null;
      this.#sink.tripFuse().then(
        (pending) => {
          if (pending > 0) this.soon();
        },
        // Without the right or the function to do it the tick does.
        () => {},
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#callOff?.();
  }
}
