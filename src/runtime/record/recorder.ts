import { type Outcome, OutcomeSums } from '../../domain/evidence/outcomes.ts';
import type { RoutingRule } from '../../domain/evidence/routing.ts';
import { NumberedIds } from '../../lib/portable/numbered-ids.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { Observation } from '../../store/guardrails/observation.ts';
import type { StampedEnd } from '../../store/outcomes/jobs.ts';
import type { JobEnd, Stamp } from '../host/job.ts';
import {
  halves,
  isNumbered,
  LARGEST_PARCEL,
  nothingOf,
  outcomesIn,
  type Parcel,
  pack,
  routesOf,
} from './batch.ts';
import { ObservedSums } from './observed.ts';
import { RouteCounts } from './route-counts.ts';
import type { Sink } from './sink.ts';

/** Ids of jobs that began and ended here, so that an end that is reported twice counts once. */
const REMEMBERED = 10_000;
/** Flushes without a parcel that was too large, after which larger ones are tried again. */
const CLEAN_FLUSHES = 10;

export interface RecorderSettings {
  sink: Pick<Sink, 'send' | 'failureOf'>;
  /** Sums, stamps and ends that are kept at most. */
  maxPending: number;
  /** Milliseconds that never go back. */
  now: () => number;
  onFailure(error: unknown): void;
}

/** An end that was reported before anything was read: nobody knows yet where it counts. */
export interface EarlyEnd {
  end: JobEnd;
  /** By `now`. */
  at: number;
}

interface Open {
  stamp: Stamp;
  /** When it was routed, by `now`. */
  since: number;
  lastError: string | null;
}

/** Outcomes in memory until the database has them. Nothing here waits for it, and nothing grows without end. */
export class Recorder {
  readonly #settings: RecorderSettings;
  #sums = new OutcomeSums();
  /** Routed here, or tried again, since the last flush and not ended: the database has not heard of that. */
  #openings = new Map<string, Open>();
  /** Ended, to be closed by the database, which may know better. */
  #ends = new Map<string, StampedEnd>();
  /** Events of guardrails. */
  #observed = new ObservedSums();
  readonly #routes = new RouteCounts();
  /** On their way, in the order in which they are sent. */
  #parcels = new Set<Parcel>();
  readonly #ids = new NumberedIds();
  /** Parcels of which an answer was lost: they may be recorded. */
  readonly #doubtful = new WeakSet<Parcel>();
  /** What the parcels hold: items, and outcomes among them. Counted on, because each record asks. */
  #underWay = { items: 0, outcomes: 0 };
  #early: EarlyEnd[] = [];
  /** Items of a parcel: less after one that was too large. */
  #largest = LARGEST_PARCEL;
  #clean = 0;
  readonly #endedHere = new Set<string>();
  /** Ids of ended jobs in their order, the next one to be forgotten at `#oldest`. */
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
    const jobs = this.#sums.sums.length + this.#openings.size + this.#ends.size + this.#early.length;
    return jobs + this.#observed.items.length + this.#underWay.items;
  }

  /** Outcomes that are not recorded yet. */
  get outcomes(): number {
    const jobs = this.#sums.outcomes + this.#ends.size + this.#early.length;
    return jobs + this.#observed.events + this.#underWay.outcomes;
  }

  /** Ends that wait for the first snapshot. */
  get early(): number {
    return this.#early.length;
  }

  /** Keeps an end until it is known where it counts. */
  keepEarly(end: JobEnd): void {
    if (this.#room() > 0) this.#early.push({ end: { ...end }, at: this.#settings.now() });
    else this.#dropped += 1;
  }

  takeEarly(): EarlyEnd[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  /** A job was routed. Without room nobody watches whether it ends; how it ends is counted all the same. */
  open(stamp: Stamp, rule: RoutingRule): void {
    this.#routes.add(stamp, rule);
    if (this.#room() > 0) {
      this.#openings.set(stamp.id, { stamp, since: this.#settings.now(), lastError: null });
    }
  }

  /** An attempt of a routed job failed, and another one follows: it stays open. `age` is how long ago it was routed. */
  retry(stamp: Stamp, lastError: string | null, age: number): void {
    if (this.#endedHere.has(stamp.id) || this.#ends.has(stamp.id)) return;
    const known = this.#openings.get(stamp.id);
    if (!known && this.#room() <= 0) return;
    const since = known?.since ?? this.#settings.now() - Math.max(0, age);
    this.#openings.set(stamp.id, { stamp, since, lastError });
  }

  /** A job without a stamp ended. */
  add(outcome: Outcome): void {
    if (!this.#sums.add(outcome, this.#sums.sums.length + this.#room())) this.#dropped += 1;
  }

  /**
   * A routed job ended. `timeout` is how many milliseconds it had; what came later is a failure, also where no tick
   * has seen it yet. `elsewhere`: somebody else may report an end too, and the database decides which one counts;
   * otherwise a job that was not flushed since it was routed is added up here. Returns what was added up: its time is lost in
   * the sum.
   */
  end(stamp: Stamp, outcome: Outcome, timeout: number, elsewhere: boolean): Outcome | null {
    const opened = this.#openings.get(stamp.id);
    this.#openings.delete(stamp.id);
    const took = opened ? this.#settings.now() - opened.since : outcome.finished_at - stamp.routed_at;
    const counted =
      took > timeout ? { ...outcome, ok: false, duration_ms: null, error: 'timed out' } : outcome;
    if (opened && !elsewhere) {
      this.#remember(stamp.id);
      this.add(counted);
      return counted;
    }
    if (this.#endedHere.has(stamp.id) || this.#ends.has(stamp.id)) return null;
    if (this.#room() <= 0) this.#dropped += 1;
    else this.#ends.set(stamp.id, { stamp, outcome: counted });
    return null;
  }

  /** An event of a guardrail. */
  observe(event: Observation): void {
    if (!this.#observed.add(event, this.#observed.items.length + this.#room())) this.#dropped += 1;
  }

  /** Something that was reported cannot count. */
  drop(outcomes = 1): void {
    this.#dropped += outcomes;
  }

  /** Gives up what is left; returns how many outcomes that were. */
  abandon(): number {
    const left = this.outcomes;
    this.#early = [];
    this.#pack();
    this.#parcels = new Set();
    this.#underWay = { items: 0, outcomes: 0 };
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
    // Parcels under way go first: while the database is away, nothing else is packed, and sums stay few.
    const stuck = new Map<Parcel, unknown>();
    await this.#sendParcels(stuck);
    this.#pack();
    await this.#sendParcels(stuck);
    this.#growAgain();
    for (const error of stuck.values()) throw error;
  }

  #pack(): void {
    const openings = [...this.#openings.values()].map(({ stamp, lastError }) => ({ ...stamp, lastError }));
    const { items } = this.#observed;
    const packing = { largest: this.#largest, ids: this.#ids };
    const parcels = pack(openings, this.#sums, [...this.#ends.values()], items, packing);
    this.#routes.travelWith(parcels);
    for (const parcel of parcels) this.#add(parcel);
    this.#sums = new OutcomeSums();
    this.#openings = new Map();
    this.#ends = new Map();
    this.#observed = new ObservedSums();
  }

  #add(parcel: Parcel): void {
    this.#parcels.add(parcel);
    this.#underWay.items += parcel.items.length;
    this.#underWay.outcomes += outcomesIn(parcel);
  }

  /** False where it was given up meanwhile. */
  #remove(parcel: Parcel): boolean {
    if (!this.#parcels.delete(parcel)) return false;
    this.#underWay.items -= parcel.items.length;
    this.#underWay.outcomes -= outcomesIn(parcel);
    return true;
  }

  /** Sends each once, halves among them. One that is stuck keeps no other waiting. */
  async #sendParcels(stuck: Map<Parcel, unknown>): Promise<void> {
    // A set that grows while it is walked through: halves come at its end.
    for (const parcel of this.#parcels) {
      if (stuck.has(parcel)) continue;
      try {
        await this.#settings.sink.send(parcel);
        this.#remove(parcel);
      } catch (error) {
        const failure = this.#settings.sink.failureOf(error);
        if (failure === 'away') {
          this.#doubtful.add(parcel);
          throw error;
        }
        if (failure === 'later' || !(await this.#isUnrecorded(parcel, failure))) stuck.set(parcel, error);
        else if (!this.#split(parcel, error, failure)) stuck.set(parcel, error);
      }
    }
  }

  /**
   * May the parts of a parcel be sent under ids of their own? Where an answer was lost it may have been recorded, and a server
   * may still be at it: with nothing in it, it is sent under its id, so that it comes either before or never. False: it waits.
   */
  async #isUnrecorded(parcel: Parcel, failure: 'refused' | 'too_large'): Promise<boolean> {
    if (failure === 'refused' || !this.#doubtful.has(parcel) || !isNumbered(parcel)) return true;
    // One thing alone keeps its id: it is sent again as it is.
    if (parcel.items.length < 2) return true;
    try {
      if (await this.#settings.sink.send(nothingOf(parcel))) return true;
    } catch {
      return false;
    }
    this.#remove(parcel);
    return true;
  }

  #growAgain(): void {
    this.#clean += 1;
    if (this.#clean <= CLEAN_FLUSHES) return;
    this.#clean = 0;
    this.#largest = Math.min(LARGEST_PARCEL, 2 * this.#largest);
  }

  /** Halves it, or drops the one thing that it is where that is refused; false: it stays as it is. */
  #split(parcel: Parcel, error: unknown, failure: 'refused' | 'too_large'): boolean {
    if (failure === 'too_large') {
      this.#largest = Math.max(1, parcel.items.length >> 1);
      this.#clean = 0;
      if (parcel.items.length < 2) return false;
    }
    this.#settings.onFailure(error);
    if (!this.#remove(parcel)) return true;
    // Nothing of it was kept, so its number is free.
    if (isNumbered(parcel) && !this.#doubtful.has(parcel)) this.#ids.release(parcel.id);
    const parts = halves(parcel, this.#ids);
    if (!parts) {
      this.#dropped += outcomesIn(parcel);
      this.#routes.stay(routesOf(parcel));
    }
    for (const part of parts ?? []) this.#add(part);
    return true;
  }
}
