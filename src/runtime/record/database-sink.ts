import { recordEvents } from '../../store/guardrails/observations.ts';
import { flushSums } from '../../store/outcomes/flush.ts';
import { tripFuse } from '../../store/outcomes/fuse.ts';
import { openJobs, recordEnds } from '../../store/outcomes/jobs.ts';
import type { Pool } from '../../store/runtime/connection.ts';
import type { Parcel } from './batch.ts';
import { failureOf } from './failure.ts';
import type { Sink } from './sink.ts';

/** Outcomes go into the database; each parcel in one statement that is a transaction of its own. */
export function databaseSink(pool: Pool): Sink {
  return {
    refusal: null,
    send: (parcel) => send(pool, parcel),
    failureOf,
    pauseAfter: () => 0,
    tripFuse: () => tripFuse(pool),
  };
}

async function send(pool: Pool, parcel: Parcel): Promise<void> {
  switch (parcel.kind) {
    case 'openings':
      await openJobs(pool, parcel.items);
      return;
    case 'sums':
      return flushSums(pool, parcel.id, { sums: parcel.items, errors: parcel.errors });
    case 'ends':
      await recordEnds(pool, parcel.id, parcel.items);
      return;
    case 'events':
      await recordEvents(pool, parcel.id, parcel.items, {
        ...{ skipInvalid: true, anySubject: true, source: 'library' },
      });
  }
}
