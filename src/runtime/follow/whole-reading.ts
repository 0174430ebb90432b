import { RolloutError } from '../../errors.ts';
import type { Queryable } from '../../store/db/client.ts';
import { selfCheck } from '../../store/db/self-check.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import {
  type RuntimeReading,
  type RuntimeState,
  readDifference,
  readPage,
} from '../../store/runtime/snapshot.ts';

const LARGEST_PAGE = 1_000;
const SMALLEST_PAGE = 25;

/**
 * One reading of every feature, by pages. A page that was not answered in time is requested again, smaller, and earlier
 * pages are kept: restarting a reading would add work for a server that was already too slow.
 */
export class WholeReading {
  readonly #read = new Map<string, RuntimeFeature>();
  /** State at the first page: later changes are read at the end. */
  #first: RuntimeState | null = null;
  #last: string | null = null;
  #complete = false;
  #checked = false;
  #page = LARGEST_PAGE;

  /** Number of features read so far. */
  get features(): number {
    return this.#read.size;
  }

  /**
   * Continues until everything is read, as of one moment: `asked`, by `now`. After an error call it again, with any
   * connection.
   */
  async through(db: Queryable, now: () => number): Promise<{ reading: RuntimeReading; asked: number }> {
    if (!this.#checked) await selfCheck(db);
    this.#checked = true;
    let state = this.#first;
    while (!this.#complete) {
      const asked = now();
      const page = await this.#next(db);
      const alone = state === null && page.features.length < this.#page;
      state ??= page.state;
      this.#first = state;
      this.#complete = page.features.length < this.#page;
      this.#last = page.features.at(-1)?.feature ?? this.#last;
      for (const feature of page.features) this.#read.set(feature.feature, feature);
      if (alone) return { reading: page, asked };
    }
    if (state === null) throw new Error('a whole reading has a first page');
    const asked = now();
    return { reading: await this.#upToDate(db, state), asked };
  }

  async #next(db: Queryable): Promise<RuntimeReading> {
    try {
      return await readPage(db, this.#last, this.#page);
    } catch (error) {
      this.#page = Math.max(SMALLEST_PAGE, this.#page >> 1);
      throw error;
    }
  }

  /** Pages come from different moments: rows written since the first one are read once more. */
  async #upToDate(db: Queryable, first: RuntimeState): Promise<RuntimeReading> {
    const rest = await readDifference(db, first);
    if (rest.whole) {
      this.#read.clear();
      this.#first = null;
      this.#last = null;
      this.#complete = false;
      this.#checked = false;
      throw new RolloutError(
        'database_unreachable',
        'the database became another one while its features were read',
        { hint: 'they are read again automatically' },
      );
    }
    for (const feature of rest.features) this.#read.set(feature.feature, feature);
    return { state: rest.state, features: [...this.#read.values()] };
  }
}
