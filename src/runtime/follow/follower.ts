import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { RolloutError } from '../../errors.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { Queryable } from '../../store/db/client.ts';
import type { Pool } from '../../store/runtime/connection.ts';
import {
  type RuntimeReading,
  type RuntimeState,
  readDifference,
  type Since,
} from '../../store/runtime/snapshot.ts';
import type { DatabaseClock } from './database-clock.ts';
import { WholeReading } from './whole-reading.ts';

export interface FollowerSettings {
  pool: Pool;
  /** Required environment of the database; null: any. */
  environment: string | null;
  now: () => number;
  clock: DatabaseClock;
  /** Milliseconds for which a standby may be behind another one's state before its own state is accepted. */
  lagMs: number;
  /** Called with a reading; `whole` if it has every feature. */
  onReading(reading: RuntimeReading, whole: boolean): Promise<void>;
  /** Called before a reading of another history: the one known at generation `before` is gone. */
  onOtherHistory(before: number): void;
  /** Called with the error of a failed reading. */
  onFailure(error: unknown): void;
}

/**
 * Follows the configuration in the database: reads all of it once, and then changes. After a failure it continues at
 * its position; it reads everything again if the server or the history is another.
 */
export class Follower {
  readonly #settings: FollowerSettings;
  /** Position of the last reading; null: the next one reads everything. */
  #since: Since | null = null;
  /** Start of the newest accepted reading: readings may overtake each other, and one that began earlier is too old. */
  #begun = 0;
  #taken = 0;
  /** Increases when everything must be read again, which makes earlier differences useless. */
  #era = 0;
  /** The running reading of everything, shared by all connections. */
  #reading: Promise<void> | null = null;
  #whole: WholeReading | null = null;
  #state: RuntimeState | null = null;
  #confirmedAt: number | null = null;
  #failed = false;
  #closed = false;

  /** Polls the database through the pool. */
  readonly poll: () => Promise<void>;

  constructor(settings: FollowerSettings) {
    this.#settings = settings;
    this.poll = oneAtATime(() => this.#look(settings.pool));
  }

  /**
   * Returns a function that polls through one connection, one poll at a time. While `isSession` says that the
   * connection has its own server process, statements are prepared.
   */
  through(connection: Queryable, isSession: () => boolean): () => Promise<void> {
    return oneAtATime(() => this.#look(connection, isSession()));
  }

  async #look(db: Queryable, prepared = false): Promise<void> {
    // A poll during a whole reading waits for its end: that reading may have begun before the change to be seen.
    while (this.#reading) await this.#reading.catch(() => {});
    if (this.#closed) return;
    try {
      if (this.#since === null) await this.#readOnce(db);
      else await this.#readDifference(db, this.#since, prepared);
    } catch (error) {
      if (this.#closed) return;
      this.#failed = true;
      this.#settings.onFailure(error);
      throw error;
    }
  }

  async #readDifference(db: Queryable, since: Since, prepared: boolean): Promise<void> {
    const [order, era, asked] = [++this.#begun, this.#era, this.#settings.now()];
    const reading = await readDifference(db, since, prepared);
    if (this.#closed || era !== this.#era) return;
    if (reading.whole) {
      if (reading.continues) this.#forget();
      else if (this.#isBehind(reading.state, since)) return;
      else this.#leaveHistory(since);
      await this.#readOnce(db);
      return;
    }
    if (order < this.#taken) return;
    // Another connection has already read a newer state, which stays.
    if (reading.state.generation < (this.generation ?? 0)) return;
    await this.#take(reading, { order, asked, whole: false });
  }

  /** Joins the running reading, whichever connection it uses. */
  async #readOnce(db: Queryable): Promise<void> {
    this.#reading ??= this.#readAll(db).finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #readAll(db: Queryable): Promise<void> {
    this.#whole ??= new WholeReading();
    const order = ++this.#begun;
    const { reading, asked } = await this.#whole.through(db, this.#settings.now);
    if (this.#closed) return;
    this.#whole = null;
    await this.#take(reading, { order, asked, whole: true });
  }

  async #take(
    reading: RuntimeReading,
    { order, asked, whole }: { order: number; asked: number; whole: boolean },
  ): Promise<void> {
    const { clock, now, onReading } = this.#settings;
    this.#refuseOther(reading.state);
    clock.sync(reading.state.now, asked, now());
    this.#taken = order;
    this.#confirmedAt = asked;
    this.#state = reading.state;
    this.#since = reading.state;
    await onReading(reading, whole);
  }

  /**
   * Is this read replica only behind the one that answered before? Then it has lost nothing and will show the state
   * later.
   */
  #isBehind({ standby, generation, server }: RuntimeState, since: Since): boolean {
    if (!standby || server !== since.server || generation >= since.generation) return false;
    return (this.ageMs ?? 0) < this.#settings.lagMs;
  }

  #leaveHistory({ generation }: Since): void {
    this.#forget();
    this.#settings.onOtherHistory(generation);
  }

  #forget(): void {
    this.#era += 1;
    this.#since = null;
    this.#whole = null;
  }

  #refuseOther({ environment }: RuntimeState): void {
    const expected = this.#settings.environment;
    if (expected === null || environment === null || environment === expected) return;
    throw new RolloutError(
      'environment_mismatch',
      `this application is for the environment ${JSON.stringify(expected)}, and the database holds ${JSON.stringify(environment)}`,
      { hint: 'check the connection string, or the option environment of createRollout' },
    );
  }

  /** Milliseconds since the database last answered; null before the first time. */
  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : this.#settings.now() - this.#confirmedAt;
  }

  /** State of the database at the last reading. */
  get state(): RuntimeState | null {
    return this.#state;
  }

  get generation(): number | null {
    return this.#state?.generation ?? null;
  }

  /** Did a poll of the database ever fail? */
  get failed(): boolean {
    return this.#failed;
  }

  /** Number of features read so far by an unfinished reading of everything; null if there is none. */
  get reading(): number | null {
    return this.#whole && this.#whole.features > 0 ? this.#whole.features : null;
  }

  /** Time of the last tick if it is too long ago; null: it is not, or nothing is known. */
  get missedHeartbeat(): Date | null {
    const heartbeat = this.#state?.heartbeat_at ?? null;
    return heartbeatIsStale(heartbeat, new Date(this.#settings.clock.time())) ? heartbeat : null;
  }

  close(): void {
    this.#closed = true;
  }
}
