import { heartbeatIsStale } from '../domain/heartbeat.ts';
import { RolloutError } from '../errors.ts';
import type { Queryable } from '../store/client.ts';
import type { Pool } from '../store/runtime-connection.ts';
import {
  type RuntimeReading,
  type RuntimeState,
  readRuntime,
  type Since,
} from '../store/runtime-snapshot.ts';
import { selfCheck } from '../store/self-check.ts';
import type { DatabaseClock } from './database-clock.ts';
import { oneAtATime } from './lane.ts';

export interface FollowerSettings {
  pool: Pool;
  /** Name the database must have; null: any. */
  environment: string | null;
  now: () => number;
  clock: DatabaseClock;
  /** Takes over a reading; `whole` where it has every feature. */
  onReading(reading: RuntimeReading, whole: boolean): Promise<void>;
  /** What went wrong with a reading. */
  onFailure(error: unknown): void;
}

/** Follows the configuration in the database: reads it whole once, and after that what changed. */
export class Follower {
  readonly #settings: FollowerSettings;
  /** Where the last reading stood; null: the next one reads everything. */
  #since: Since | null = null;
  /** Readings may overtake each other: one that began before the one taken over last is too old. */
  #begun = 0;
  #taken = 0;
  /** Grows with each failure: what was read before may be of another server than what comes. */
  #era = 0;
  #state: RuntimeState | null = null;
  #confirmedAt: number | null = null;
  #closed = false;

  /** Looks at the database through the pool. */
  readonly poll: () => Promise<void>;

  constructor(settings: FollowerSettings) {
    this.#settings = settings;
    this.poll = oneAtATime(() => this.#read(settings.pool));
  }

  /** A way to look at the database through a connection that is its own for as long as it lasts, one look at a time. */
  through(connection: Queryable): () => Promise<void> {
    return oneAtATime(() => this.#read(connection, true));
  }

  async #read(db: Queryable, prepared = false): Promise<void> {
    if (this.#closed) return;
    const { now, clock, onReading, onFailure } = this.#settings;
    const order = ++this.#begun;
    const since = this.#since;
    const era = this.#era;
    const asked = now();
    try {
      // After anything went wrong it may be another server.
      if (since === null) await selfCheck(db);
      const reading = await readRuntime(db, since, prepared);
      if (this.#closed || order < this.#taken) return;
      // Asked later and seen earlier, through the other connection: what is known since then stays known.
      if (since !== null && reading.state.generation < (this.generation ?? 0)) return;
      this.#refuseOther(reading.state);
      clock.sync(reading.state.now, asked, now());
      this.#taken = order;
      this.#confirmedAt = asked;
      this.#state = reading.state;
      this.#since = era === this.#era ? reading.state : null;
      await onReading(reading, since === null);
    } catch (error) {
      if (this.#closed) return;
      this.#since = null;
      this.#era += 1;
      onFailure(error);
      throw error;
    }
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

  /** Milliseconds since the database was last heard of; null before the first time. */
  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : this.#settings.now() - this.#confirmedAt;
  }

  get generation(): number | null {
    return this.#state?.generation ?? null;
  }

  /** When a tick last ended, where that is too long ago; null: it is not, or nothing is known. */
  get missedHeartbeat(): Date | null {
    const heartbeat = this.#state?.heartbeat_at ?? null;
    return heartbeatIsStale(heartbeat, new Date(this.#settings.clock.time())) ? heartbeat : null;
  }

  close(): void {
    this.#closed = true;
  }
}
