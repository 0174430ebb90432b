import { SUBJECT_TYPES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { pause } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { Decider } from '../decide/decider.ts';
import type { WireMoment } from '../wire/wire.ts';
import type { RelayClient } from './relay-client.ts';
import type { RelayedRegistry } from './relayed-registry.ts';

/** Milliseconds over which downloads are spread: categories of a million repositories are 8 MB. */
const LONGEST_JITTER_MS = 30_000;
const BYTES_A_MS = 100;

interface KeeperParts {
  client: RelayClient;
  decider: Decider;
  registry: RelayedRegistry;
  /** Has no decision been made yet? */
  isFirst(): boolean;
  onFailure(error: unknown): void;
}

/** Fetches categories and facts from the relay if decisions need them and the relay has newer ones. */
export class RelayedRegistryKeeper {
  readonly #parts: KeeperParts;
  readonly #readCategories: () => Promise<void>;
  readonly #readFacts: Readonly<Record<SubjectType, () => Promise<void>>>;
  #closed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#readCategories = oneAtATime(() => this.#fetchCategories());
    this.#readFacts = {
      repository: oneAtATime(() => this.#fetchFacts('repository')),
      customer: oneAtATime(() => this.#fetchFacts('customer')),
    };
  }

  /**
   * Fetches what is newer by `moment`. The first time it waits, because no decision may rest on half of the data. Later
   * it does not, because a stop must not wait for megabytes.
   */
  async keep(moment: WireMoment): Promise<void> {
    await this.#keepCategories(moment);
    await this.#keepFacts(moment);
  }

  async #keepCategories(moment: WireMoment): Promise<void> {
    const { decider, registry } = this.#parts;
    if (decider.needs()?.categories !== true) return;
    if (registry.tag !== null && registry.tag === moment.subjects) return;
    await this.#waitAtFirst(this.#readCategories());
  }

  async #keepFacts({ facts }: WireMoment): Promise<void> {
    const { decider, registry } = this.#parts;
    for (const subject of SUBJECT_TYPES) {
      const tag = facts[subject];
      const isAsked = (decider.needs()?.attributes[subject].length ?? 0) > 0;
      if (!isAsked || tag === undefined || registry.factsTag(subject) === tag) continue;
      await this.#waitAtFirst(this.#readFacts[subject]());
    }
  }

  async #waitAtFirst(fetching: Promise<void>): Promise<void> {
    const reading = fetching.catch(this.#parts.onFailure);
    if (this.#parts.isFirst()) await reading;
  }

  async #fetchCategories(): Promise<void> {
    const { client, registry } = this.#parts;
    if (registry.tag !== null) await this.#notAllAtOnce();
    const body = await client.subjects();
    if (!this.#closed) registry.takeCategories(body);
  }

  async #fetchFacts(subject: SubjectType): Promise<void> {
    const { client, registry } = this.#parts;
    if (registry.factsTag(subject) !== null) await this.#notAllAtOnce();
    const body = await client.facts(subject);
    if (!this.#closed) registry.takeFacts(subject, body);
  }

  /** Waits a random time, so that applications do not all download at once. */
  #notAllAtOnce(): Promise<void> {
    return pause(Math.random() * Math.min(LONGEST_JITTER_MS, this.#parts.registry.bytes / BYTES_A_MS));
  }

  /** Drops responses that are still on their way. */
  close(): void {
    this.#closed = true;
  }
}
