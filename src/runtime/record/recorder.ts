import { type Outcome, OutcomeSums } from '../../domain/evidence/outcomes.ts';
import type { RoutingRule } from '../../domain/evidence/routing.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { Observation } from '../../store/guardrails/observation.ts';
import type { StampedEnd } from '../../store/outcomes/jobs.ts';
import type { JobEnd, Stamp } from '../host/job.ts';
import { ObservedSums } from './observed.ts';
import { outcomesIn, type Parcel, pack, routesOf } from './parcel/batch.ts';
import { Parcels } from './parcel/parcels.ts';
import type { Sink } from './parcel/sink.ts';
import { RouteCounts } from './route-counts.ts';

/** Number of remembered ids of jobs that began and ended here, so that an end that is reported twice counts once. */
const REMEMBERED = 10_000;

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
  readonly #parcels: Parcels;
  #early: EarlyEnd[] = [];
  readonly #endedHere = new Set<string>();
  /** Ids of ended jobs in order; the next one to be forgotten is at `#oldest`. */
  readonly #order: string[] = [];
  #oldest = 0;
  #dropped = 0;

  /** Sends everything. Throws if it did not arrive; then it is kept, and sent again under the same ids. */
  readonly flush: () => Promise<void>;

  constructor(settings: RecorderSettings) {
    this.#settings = settings;
    const { sink, onFailure } = settings;
    this.#parcels = new Parcels({ sink, onFailure, onDrop: (parcel) => this.#refused(parcel) });
    this.flush = oneAtATime(() => this.#flush());
  }

  get dropped(): number {
    return this.#dropped;
  }

  get pending(): number {
    const jobs = this.#sums.sums.length + this.#openings.size + this.#ends.size + this.#early.length;
    return jobs + this.#observed.items.length + this.#parcels.items;
  }

  /** Number of outcomes that are not recorded yet. */
  get outcomes(): number {
    const jobs = this.#sums.outcomes + this.#ends.size + this.#early.length;
    return jobs + this.#observed.events + this.#parcels.outcomes;
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
    this.#parcels.clear();
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
    await this.#parcels.send(stuck);
    this.#pack();
    await this.#parcels.send(stuck);
    this.#parcels.growAgain();
    for (const error of stuck.values()) throw error;
  }

  #pack(): void {
    const openings = [...this.#openings.values()].map(({ stamp, lastError }) => ({ ...stamp, lastError }));
    const { items } = this.#observed;
    const parcels = pack(openings, this.#sums, [...this.#ends.values()], items, this.#parcels.packing);
    this.#routes.travelWith(parcels);
    for (const parcel of parcels) this.#parcels.add(parcel);
    this.#sums = new OutcomeSums();
    this.#openings = new Map();
    this.#ends = new Map();
    this.#observed = new ObservedSums();
  }

  #refused(parcel: Parcel): void {
    this.#dropped += outcomesIn(parcel);
    this.#routes.stay(routesOf(parcel));
  }
}
