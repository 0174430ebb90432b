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

/** Number of remembered ids of jobs that began and ended here, so that an end that is reported twice counts once. */
const REMEMBERED = 10_000;
/** Flushes without a too large parcel after which larger parcels are tried again. */
const CLEAN_FLUSHES = 10;

export interface RecorderSettings {
  sink: Pick<Sink, 'send' | 'failureOf'>;
  /** Maximum of kept sums, stamps and ends. */
  maxPending: number;
  /** Returns monotonic milliseconds. */
  now: () => number;
  onFailure(error: unknown): void;
}

/** An end reported before the first reading, when its place is not known yet. */
export interface EarlyEnd {
  end: JobEnd;
  /** Time of the report, by `now`. */
  at: number;
}

interface Open {
  stamp: Stamp;
  /** Time of routing, by `now`. */
  since: number;
  lastError: string | null;
}

/**
 * Outcomes in memory until the database has them. Nothing here waits for the database, and nothing grows without limit.
 */
export class Recorder {
  readonly #settings: RecorderSettings;
  #sums = new OutcomeSums();
  /** Jobs routed or retried here since the last flush that have not ended and are unknown to the database. */
  #openings = new Map<string, Open>();
  /** Ended jobs that the database must close, because it may know an earlier end. */
  #ends = new Map<string, StampedEnd>();
  /** Events for guardrails. */
  #observed = new ObservedSums();
  readonly #routes = new RouteCounts();
  /** Parcels under way, in the order in which they are sent. */
  #parcels = new Set<Parcel>();
  readonly #ids = new NumberedIds();
  /** Parcels whose answer was lost: they may be recorded. */
  readonly #doubtful = new WeakSet<Parcel>();
  /** Items in the parcels, and outcomes among them. Counted incrementally, because each record needs the number. */
  #underWay = { items: 0, outcomes: 0 };
  #early: EarlyEnd[] = [];
  /** Items per parcel: fewer after one that was too large. */
  #largest = LARGEST_PARCEL;
  #clean = 0;
  readonly #endedHere = new Set<string>();
  /** Ids of ended jobs in order; the next one to be forgotten is at `#oldest`. */
  readonly #order: string[] = [];
  #oldest = 0;
  #dropped = 0;

  /** Sends everything. Throws if it did not arrive; then it is kept, and sent again under the same ids. */
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

  /** Number of outcomes that are not recorded yet. */
  get outcomes(): number {
    const jobs = this.#sums.outcomes + this.#ends.size + this.#early.length;
    return jobs + this.#observed.events + this.#underWay.outcomes;
  }

  /** Number of ends that wait for the first snapshot. */
  get early(): number {
    return this.#early.length;
  }

  /** Keeps an end until its place is known. */
  keepEarly(end: JobEnd): void {
    if (this.#room() > 0) this.#early.push({ end: { ...end }, at: this.#settings.now() });
    else this.#dropped += 1;
  }

  takeEarly(): EarlyEnd[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  /** Opens a routed job. Without room it is not watched for a timeout, but its end still counts. */
  open(stamp: Stamp, rule: RoutingRule): void {
    this.#routes.add(stamp, rule);
    if (this.#room() > 0) {
      this.#openings.set(stamp.id, { stamp, since: this.#settings.now(), lastError: null });
    }
  }

  /**
   * Records a failed attempt of a routed job that another one follows: the job stays open. `age`: milliseconds since it
   * was routed.
   */
  retry(stamp: Stamp, lastError: string | null, age: number): void {
    if (this.#endedHere.has(stamp.id) || this.#ends.has(stamp.id)) return;
    const known = this.#openings.get(stamp.id);
    if (!known && this.#room() <= 0) return;
    const since = known?.since ?? this.#settings.now() - Math.max(0, age);
    this.#openings.set(stamp.id, { stamp, since, lastError });
  }

  /** Adds the outcome of a job without a stamp. */
  add(outcome: Outcome): void {
    if (!this.#sums.add(outcome, this.#sums.sums.length + this.#room())) this.#dropped += 1;
  }

  /**
   * Records the end of a routed job. `timeout` is its limit in milliseconds; a later end is a failure, even if no tick
   * has timed it out yet. `elsewhere`: another process may report an end too, and the database decides which one
   * counts; otherwise a job that was not flushed since it was routed is added up here. Returns what was added up,
   * because the sum loses the duration.
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

  /** Adds an event of a guardrail. */
  observe(event: Observation): void {
    if (!this.#observed.add(event, this.#observed.items.length + this.#room())) this.#dropped += 1;
  }

  /** Counts reported outcomes that cannot be recorded. */
  drop(outcomes = 1): void {
    this.#dropped += outcomes;
  }

  /** Gives up what is left; returns the number of lost outcomes. */
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
    // Parcels under way go first: while the database is unreachable nothing else is packed, so sums stay few.
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

  /** Returns false if it was given up meanwhile. */
  #remove(parcel: Parcel): boolean {
    if (!this.#parcels.delete(parcel)) return false;
    this.#underWay.items -= parcel.items.length;
    this.#underWay.outcomes -= outcomesIn(parcel);
    return true;
  }

  /** Sends each parcel once, including halves. A stuck one does not block others. */
  async #sendParcels(stuck: Map<Parcel, unknown>): Promise<void> {
    // The set grows during the iteration: halves are added at its end.
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
   * May the parts of a parcel be sent under their own ids? If its answer was lost, it may be recorded, or a server may
   * still be working on it: so an empty parcel is sent under its id, which either follows or prevents the recording.
   * False: it waits.
   */
  async #isUnrecorded(parcel: Parcel, failure: 'refused' | 'too_large'): Promise<boolean> {
    if (failure === 'refused' || !this.#doubtful.has(parcel) || !isNumbered(parcel)) return true;
    // A single item keeps its id and is sent again unchanged.
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

  /** Splits the parcel in halves, or drops a single refused item; false: it stays unchanged. */
  #split(parcel: Parcel, error: unknown, failure: 'refused' | 'too_large'): boolean {
    if (failure === 'too_large') {
      this.#largest = Math.max(1, parcel.items.length >> 1);
      this.#clean = 0;
      if (parcel.items.length < 2) return false;
    }
    this.#settings.onFailure(error);
    if (!this.#remove(parcel)) return true;
    // Nothing was recorded, so its number is free.
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
