import { NumberedIds } from '../../../lib/portable/numbered-ids.ts';
import { halves, isNumbered, LARGEST_PARCEL, nothingOf, outcomesIn, type Parcel } from './batch.ts';
import type { Sink } from './sink.ts';

/** Flushes without a too large parcel after which larger parcels are tried again. */
const CLEAN_FLUSHES = 10;

export interface ParcelsSettings {
  sink: Pick<Sink, 'send' | 'failureOf'>;
  onFailure(error: unknown): void;
  /** A parcel of a single item that the database refused is given up. */
  onDrop(parcel: Parcel): void;
}

/**
 * Parcels on their way to the database, in the order in which they are sent. Each is sent under the same id until its
 * answer is known, so that it counts once.
 */
export class Parcels {
  readonly #settings: ParcelsSettings;
  #parcels = new Set<Parcel>();
  readonly #ids = new NumberedIds();
  /** Parcels whose answer was lost: they may be recorded. */
  readonly #doubtful = new WeakSet<Parcel>();
  /** Counted incrementally, because each record needs the numbers. */
  #items = 0;
  #outcomes = 0;
  /** Items per parcel: fewer after one that was too large. */
  #largest = LARGEST_PARCEL;
  #clean = 0;

  constructor(settings: ParcelsSettings) {
    this.#settings = settings;
  }

  get items(): number {
    return this.#items;
  }

  get outcomes(): number {
    return this.#outcomes;
  }

  /** How the next parcels are packed. */
  get packing(): { largest: number; ids: NumberedIds } {
    return { largest: this.#largest, ids: this.#ids };
  }

  add(parcel: Parcel): void {
    this.#parcels.add(parcel);
    this.#items += parcel.items.length;
    this.#outcomes += outcomesIn(parcel);
  }

  /** Gives all of them up. */
  clear(): void {
    this.#parcels = new Set();
    this.#items = 0;
    this.#outcomes = 0;
  }

  /**
   * Sends each parcel that is not in `stuck` once, including halves. A stuck one does not block others: it is added to
   * `stuck` with its error. Throws if the database is away.
   */
  async send(stuck: Map<Parcel, unknown>): Promise<void> {
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

  /** Counts a flush that has ended, and after some of them allows larger parcels again. */
  growAgain(): void {
    this.#clean += 1;
    if (this.#clean <= CLEAN_FLUSHES) return;
    this.#clean = 0;
    this.#largest = Math.min(LARGEST_PARCEL, 2 * this.#largest);
  }

  /** Returns false if it was given up meanwhile. */
  #remove(parcel: Parcel): boolean {
    if (!this.#parcels.delete(parcel)) return false;
    this.#items -= parcel.items.length;
    this.#outcomes -= outcomesIn(parcel);
    return true;
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
    if (!parts) this.#settings.onDrop(parcel);
    for (const part of parts ?? []) this.add(part);
    return true;
  }
}
