import type { Decider } from '../decide/decider.ts';
import { Events } from '../host/events.ts';
import type { Settings } from '../host/settings.ts';
import { Complaints } from '../host/throttled-log.ts';
import { DatabaseClock } from './database-clock.ts';
import type { Standing } from './snapshot-status.ts';

/** Shared parts of one library. */
export interface Ground {
  clock: DatabaseClock;
  events: Events;
  complaints: Complaints;
}

export function groundOf({ now, log }: Pick<Settings, 'now' | 'log'>): Ground {
  const events = new Events(log);
  return { clock: new DatabaseClock(now), events, complaints: new Complaints(events, log) };
}

/** A snapshot that is kept up to date, from a database or from a relay. */
export interface Followed {
  readonly decider: Decider;
  readonly standing: Standing;
  /** Of the snapshot; null before the first one. */
  readonly generation: number | null;
  /** Milliseconds since the database last confirmed the snapshot; null before the first one. */
  readonly ageMs: number | null;
  /** Is it told of changes? Otherwise it finds them by asking. */
  readonly listening: boolean;
  /** Is it a read replica? */
  readonly standby: boolean;
  /** Subjects whose category is held in memory, and what that costs. */
  readonly registry: { readonly subjects: number; readonly bytes: number };
  /** Waits for the first snapshot, at most `startMs`, and follows from then on; throws where it cannot be meant. */
  start(): Promise<void>;
  close(): Promise<void>;
}
