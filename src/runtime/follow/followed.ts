import type { Decider } from '../decide/decider.ts';
import { Events } from '../host/events.ts';
import type { Settings } from '../host/settings.ts';
import { Complaints } from '../host/throttled-log.ts';
import { DatabaseClock } from './database-clock.ts';
import type { Standing } from './snapshot-status.ts';

/** Shared parts of one library instance. */
export interface Ground {
  clock: DatabaseClock;
  events: Events;
  complaints: Complaints;
}

export function groundOf({ now, log }: Pick<Settings, 'now' | 'log'>): Ground {
  const events = new Events(log);
  return { clock: new DatabaseClock(now), events, complaints: new Complaints(events, log) };
}

/** A snapshot that is kept current, from a database or a relay. */
export interface Followed {
  readonly decider: Decider;
  readonly standing: Standing;
  /** Generation of the snapshot; null before the first one. */
  readonly generation: number | null;
  /** Milliseconds since the database last confirmed the snapshot; null before the first one. */
  readonly ageMs: number | null;
  /** True: it is notified of changes. False: it finds changes by polling. */
  readonly listening: boolean;
  /** True: the source is a read replica. */
  readonly standby: boolean;
  /** Subjects whose category is held in memory, and the bytes that they take. */
  readonly registry: { readonly subjects: number; readonly bytes: number };
  /** Waits for the first snapshot, for at most `startMs`, and then follows; throws if the source does not fit. */
  start(): Promise<void>;
  close(): Promise<void>;
}
