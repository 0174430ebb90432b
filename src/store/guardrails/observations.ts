import { plainArray, textArray, timeArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';
import { named, persistently } from '../outcomes/outcomes.ts';
import type { Observation } from './observation.ts';

/** An event that cannot be recorded, by its index in the input, from 0. */
export interface RefusedEvent {
  place: number;
  problem: 'unknown_feature' | 'unknown_metric' | 'unknown_subject' | 'other_subject_type';
  subject_type: string | null;
  /** Existing metrics of events, of the feature if one was named. */
  metrics: string[];
}

export interface EventsAnswer {
  recorded: number;
  /** Events left out because their id was seen before. */
  repeated: number;
  refused: RefusedEvent[];
}

/**
 * Records events: all of them, or with `skipInvalid` all valid ones. After a lost answer, repeat the call with the same
 * batch: every event still counts once.
 *
 * Throws `record_invalid` for impossible counts; then nothing was recorded.
 */
export async function recordEvents(
  db: Queryable,
  batch: string,
  events: readonly Observation[],
  options: { skipInvalid: boolean; anySubject: boolean; source?: 'library' },
): Promise<EventsAnswer> {
  const { rows } = await persistently(() =>
    named(() =>
      db.query<{ answer: EventsAnswer }>(
        `select rollout_record_observations($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as answer`,
        [
          batch,
          textArray(events.map(({ feature }) => feature)),
          textArray(events.map(({ metric }) => metric)),
          textArray(events.map(({ subject }) => subject)),
          textArray(events.map(({ arm }) => arm)),
          plainArray(events.map(({ epoch }) => epoch)),
          textArray(events.map(({ category }) => category)),
          timeArray(events.map(({ at }) => at)),
          plainArray(events.map((one) => one.events)),
          plainArray(events.map(({ bad }) => bad)),
          textArray(events.map(({ id }) => id)),
          options.skipInvalid,
          options.anySubject,
          options.source ?? 'events',
        ],
      ),
    ),
  );
  const { recorded = 0, repeated = 0, refused = [] } = rows[0]?.answer ?? {};
  return { recorded, repeated, refused: fromZero(refused) };
}

/** Returns which of these would be refused; writes nothing. */
export async function refusedEvents(
  db: Queryable,
  events: readonly Pick<Observation, 'feature' | 'metric' | 'subject'>[],
  anySubject: boolean,
): Promise<RefusedEvent[]> {
  const { rows } = await db.query<{ refused: RefusedEvent[] }>(
    `select rollout_refused_events($1, $2, $3, $4) as refused`,
    [
      textArray(events.map(({ feature }) => feature)),
      textArray(events.map(({ metric }) => metric)),
      textArray(events.map(({ subject }) => subject)),
      anySubject,
    ],
  );
  return fromZero(rows[0]?.refused ?? []);
}

function fromZero(refused: readonly RefusedEvent[]): RefusedEvent[] {
  return refused.map((one) => ({ ...one, place: one.place - 1 }));
}
