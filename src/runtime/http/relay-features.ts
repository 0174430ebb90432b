import { RolloutError } from '../../errors.ts';
import type { Decider } from '../decide/decider.ts';
import { writtenFeatures } from '../wire/content-of.ts';
import { type Holders, WIRE_VERSION, type WireChange, type WireContent } from '../wire/wire.ts';
import type { RelayedRegistry } from './relayed-registry.ts';

/** A relay's content: all of it, or a change. */
export type RelayNews = { content: WireContent } | { change: WireChange };

/** Passes a relay's features, and the subjects of names in their blacklists, to the decider. */
export class RelayFeatures {
  readonly #decider: Decider;
  readonly #registry: RelayedRegistry;
  /** Required environment of the relay's database; null: any. */
  readonly #expected: string | null;
  /** The content's fields besides its features. */
  #stateOf: Pick<WireContent, 'environment' | 'global_stop'> = { environment: null, global_stop: false };

  constructor(decider: Decider, registry: RelayedRegistry, expected: string | null) {
    this.#decider = decider;
    this.#registry = registry;
    this.#expected = expected;
  }

  /**
   * Applies news; returns the features whose decisions change. Throws `environment_mismatch` for another environment.
   */
  take(news: RelayNews): string[] {
    return 'content' in news ? this.#takeAll(news.content) : this.#takeChange(news.change);
  }

  #takeAll({ environment, global_stop, holders, features }: WireContent): string[] {
    this.#refuseOther(environment);
    this.#stateOf = { environment, global_stop };
    const moved = this.#registry.takeHolders(holders);
    const changed = this.#decider.apply({ state: { global_stop }, features }, true);
    return [...new Set([...changed, ...this.#decider.renamed(moved)])];
  }

  #takeChange({ environment, global_stop, holders, features, gone }: WireChange): string[] {
    this.#refuseOther(environment);
    this.#stateOf = { environment, global_stop };
    const moved = holders === null ? new Set<string>() : this.#registry.takeHolders(holders);
    const changed = this.#decider.apply({ state: { global_stop }, features }, false);
    const removed = this.#decider.remove(gone);
    return [...new Set([...changed, ...removed, ...this.#decider.renamed(moved)])];
  }

  /** Returns the content behind the present decisions, in a relay's form. */
  content(): WireContent {
    const holders: Holders = this.#registry.holders;
    return {
      version: WIRE_VERSION,
      ...this.#stateOf,
      holders,
      features: writtenFeatures(this.#decider.rows()),
    };
  }

  #refuseOther(environment: string | null): void {
    const expected = this.#expected;
    if (expected === null || environment === null || environment === expected) return;
    throw new RolloutError(
      'environment_mismatch',
      `this application is for the environment ${JSON.stringify(expected)}, and the relay's database holds ${JSON.stringify(environment)}`,
      { hint: 'check the url, or the option environment of createRollout' },
    );
  }
}
