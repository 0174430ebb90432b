import { type Outcome, OutcomeSums } from '../domain/outcomes.ts';
import type { StampedEnd } from '../store/flush.ts';
import type { Pool } from '../store/runtime-connection.ts';
import { oneAtATime } from './lane.ts';
import { halves, isRefused, outcomesIn, type Parcel, pack, send } from './parcel.ts';
import type { Stamp } from './types.ts';

/** Ids of jobs that began and ended here, so that an end that is reported twice counts once. */
const REMEMBERED = 10_000;

export interface RecorderSettings {
  pool: Pool;
  /** Sums, stamps and ends that are kept at most. */
  maxPending: number;
  /** Milliseconds that never go back. */
  now: () => number;
  onFailure(error: unknown): void;
}

/** Outcomes in memory until the database has them. Nothing here waits for it, and nothing grows without end. */
export class Recorder {
  readonly #settings: RecorderSettings;
  #sums = new OutcomeSums();
  /** Routed here since the last flush and not ended: the database has not heard of them. */
  #openings = new Map<string, { stamp: Stamp; since: number }>();
  /** Ended, to be closed by the database, which may know better. */
  #ends = new Map<string, StampedEnd>();
  /** On their way. Nothing else is packed before they have arrived. */
  #parcels: Parcel[] = [];
  readonly #endedHere = new Set<string>();
  /** The same ids in their order, the next one to be forgotten at `#oldest`. */
  readonly #order: string[] = [];
  #oldest = 0;
  #dropped = 0;

  /** Sends what there is. Throws where it did not arrive; then it is kept, and sent again under the same ids. */
  readonly flush: () => Promise<void>;

  constructor(settings: RecorderSettings) {
    this.#settings = settings;
    this.flush = oneAtATime(() => this.#flush());
  }

  get dropped(): number {
    return this.#dropped;
  }

  get pending(): number {
    const underWay = this.#parcels.reduce((sum, { items }) => sum + items.length, 0);
    return this.#sums.sums.length + this.#openings.size + this.#ends.size + underWay;
  }

  /** Outcomes that are not recorded yet. */
  get outcomes(): number {
    const underWay = this.#parcels.reduce((sum, parcel) => sum + outcomesIn(parcel), 0);
    return this.#sums.outcomes + this.#ends.size + underWay;
  }

  /** A job was routed. Without room nobody watches whether it ends; how it ends is counted all the same. */
  open(stamp: Stamp): void {
    if (this.#room() > 0) this.#openings.set(stamp.id, { stamp, since: this.#settings.now() });
  }

  /** A job without a stamp ended. */
  add(outcome: Outcome): void {
    if (!this.#sums.add(outcome, this.#sums.sums.length + this.#room())) this.#dropped += 1;
  }

  /**
   * A routed job ended. `timeout` is how many milliseconds it had; what came later is a failure, also where no tick
   * has seen it yet. `elsewhere`: somebody else may report an end too, and the database decides which one counts.
   */
  end(stamp: Stamp, outcome: Outcome, timeout: number, elsewhere: boolean): void {
    const opened = this.#openings.get(stamp.id);
    this.#openings.delete(stamp.id);
    const took = opened ? this.#settings.now() - opened.since : outcome.finished_at - stamp.routed_at;
    const counted =
      took > timeout ? { ...outcome, ok: false, duration_ms: null, error: 'timed out' } : outcome;
    if (opened && !elsewhere) {
      this.#remember(stamp.id);
      this.add(counted);
      return;
    }
    if (this.#endedHere.has(stamp.id) || this.#ends.has(stamp.id)) return;
    if (this.#room() <= 0) this.#dropped += 1;
    else this.#ends.set(stamp.id, { stamp, outcome: counted });
  }

  /** Something that was reported cannot count. */
  drop(outcomes = 1): void {
    this.#dropped += outcomes;
  }

  /** Gives up what is left; returns how many outcomes that were. */
  abandon(): number {
    const left = this.outcomes;
    this.#pack();
    this.#parcels = [];
    this.#dropped += left;
    return left;
  }

  #room(): number {
    return this.#settings.maxPending - this.pending;
  }

  #remember(id: string): void {
    this.#endedHere.delete(this.#order[this.#oldest] ?? '');
    this.#endedHere.add(id);
    this.#order[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % REMEMBERED;
  }

  async #flush(): Promise<void> {
    // What was on its way first; then what has come together meanwhile.
    await this.#sendParcels();
    this.#pack();
    await this.#sendParcels();
  }

  #pack(): void {
    const openings = [...this.#openings.values()].map(({ stamp }) => stamp);
    this.#parcels.push(...pack(openings, this.#sums, [...this.#ends.values()]));
    this.#sums = new OutcomeSums();
    this.#openings = new Map();
    this.#ends = new Map();
  }

  async #sendParcels(): Promise<void> {
    for (let parcel = this.#parcels[0]; parcel; parcel = this.#parcels[0]) {
      try {
        await send(this.#settings.pool, parcel);
        // `abandon` may have emptied the list meanwhile.
        if (this.#parcels[0] === parcel) this.#parcels.shift();
      } catch (error) {
        if (!isRefused(error)) throw error;
        this.#settings.onFailure(error);
        const parts = halves(parcel);
        if (!parts) this.#dropped += outcomesIn(parcel);
        if (this.#parcels[0] === parcel) this.#parcels.splice(0, 1, ...(parts ?? []));
      }
    }
  }
}
