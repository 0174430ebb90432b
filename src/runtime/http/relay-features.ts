import { RolloutError } from '../../errors.ts';
import type { Decider } from '../decide/decider.ts';
import { writtenFeatures } from '../wire/content-of.ts';
import { type Holders, WIRE_VERSION, type WireChange, type WireContent } from '../wire/wire.ts';
import type { RelayedRegistry } from './relayed-registry.ts';

/** Content of a relay, whole or as a change of it. */
export type RelayNews = { content: WireContent } | { change: WireChange };

/** Hands a relay's features, and who has the names in their blacklists, to the decider. */
export class RelayFeatures {
  readonly #decider: Decider;
  readonly #registry: RelayedRegistry;
  /** Name the relay's database must have; null: any. */
  readonly #expected: string | null;
  /** Of the content, beside its features. */
  #stateOf: Pick<WireContent, 'environment' | 'global_stop'> = { environment: null, global_stop: false };

  constructor(decider: Decider, registry: RelayedRegistry, expected: string | null) {
    this.#decider = decider;
    this.#registry = registry;
    this.#expected = expected;
  }

  /** The features that are decided differently now. Throws `environment_mismatch` for another environment. */
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

  /** What decisions are made from now, as a relay would send it. */
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
