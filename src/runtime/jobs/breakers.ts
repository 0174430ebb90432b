import { admit, type Breaker, CLOSED, ended } from '../../domain/evidence/breaker.ts';
import type { BreakerEvent, OpenBreaker } from '../host/rollout-events.ts';

/** The breakers of this process: one for each processor of each feature with `routing.breaker`. */
export class Breakers {
  readonly #breakers = new Map<string, Map<string, Breaker>>();
  readonly #now: () => number;
  readonly #changed: (event: BreakerEvent) => void;

  constructor(now: () => number, changed: (event: BreakerEvent) => void) {
    this.#now = now;
    this.#changed = changed;
  }

  /** May a job of this feature go to the processor? */
  admits(feature: string, processor: string): boolean {
    const known = this.#breakers.get(feature)?.get(processor);
    if (!known) return true;
    const { breaker, admitted } = admit(known, this.#now());
    this.#keep(feature, processor, known, breaker);
    return admitted;
  }

  /** Records the end of a job that this processor ran. */
  ended(feature: string, processor: string, ok: boolean): void {
    const known = this.#breakers.get(feature)?.get(processor) ?? CLOSED;
    this.#keep(feature, processor, known, ended(known, ok, this.#now()));
  }

  /** Returns the breakers that are not closed. */
  open(): OpenBreaker[] {
    return [...this.#breakers].flatMap(([feature, breakers]) =>
      [...breakers].flatMap(([processor, { state }]) =>
        state === 'closed' ? [] : [{ feature, processor, state }],
      ),
    );
  }

  #keep(feature: string, processor: string, before: Breaker, breaker: Breaker): void {
    const breakers = this.#breakers.get(feature) ?? new Map<string, Breaker>();
    this.#breakers.set(feature, breakers.set(processor, breaker));
    if (before.state !== breaker.state) this.#changed({ feature, processor, state: breaker.state });
  }
}
