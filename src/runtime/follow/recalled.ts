import type { Decider } from '../decide/decider.ts';
import type { Complaints } from '../host/throttled-log.ts';
import type { Holders } from '../wire/wire.ts';
import { type Keeping, sentenceOfRecall } from './keeping.ts';
import type { Source, Standing } from './snapshot-status.ts';

/** A source with the age of a kept snapshot until its own first snapshot arrives. */
export class Recalled implements Source {
  readonly #source: Source;
  readonly #now: () => number;
  /** When the kept snapshot was confirmed, by `now`; null: none is in use. */
  #confirmedAt: number | null = null;

  constructor(source: Source, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** Uses a kept snapshot of this age from now on. */
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

interface KeptStart {
  /** Storage of the snapshot; null: the host has no cache. */
  keeping: Keeping | null;
  recalled: Recalled;
  standing: Standing;
  decider: Decider;
  complaints: Complaints;
  /** Restores the subjects of the names in blacklists. */
  takeHolders(holders: Holders): void;
}

/** If nobody answered at the start, uses the kept snapshot for decisions while it is young enough. */
export async function startFromKept(start: KeptStart): Promise<void> {
  const { keeping, recalled, standing, decider, complaints } = start;
  const kept = standing.status === 'starting' ? await keeping?.recall() : null;
  if (!kept || standing.status !== 'starting') return;
  const { holders, features, global_stop } = kept.content;
  start.takeHolders(holders);
  decider.apply({ state: { global_stop }, features }, true);
  recalled.use(kept.ageMs);
  standing.recall();
  complaints.say(sentenceOfRecall(kept.ageMs));
}
