import type { Queryable } from '../../store/db/client.ts';
import { recordEvents } from '../../store/guardrails/observations.ts';
import { flushSums } from '../../store/outcomes/flush.ts';
import { tripFuse } from '../../store/outcomes/fuse.ts';
import { openJobs, recordEnds } from '../../store/outcomes/jobs.ts';
import { noteProcess } from '../../store/outcomes/processes.ts';
import type { Parcel } from './parcel/batch.ts';
import { failureOf } from './parcel/failure.ts';
import type { Sink } from './parcel/sink.ts';

/** Sends outcomes to the database, each parcel in one statement and its own transaction. */
export function databaseSink(db: Queryable): Sink {
  return {
    refusal: null,
    send: (parcel) => send(db, parcel),
    failureOf,
    pauseAfter: () => 0,
    tripFuse: () => tripFuse(db),
  };
}

async function send(db: Queryable, parcel: Parcel): Promise<boolean> {
  switch (parcel.kind) {
    case 'openings':
      await openJobs(db, parcel.items, parcel.routes);
      return true;
    case 'sums':
      return flushSums(db, parcel.id, { sums: parcel.items, errors: parcel.errors, routes: parcel.routes });
    case 'ends':
      await recordEnds(db, parcel.id, parcel.items, parcel.routes);
      return true;
    case 'events':
      await recordEvents(db, parcel.id, parcel.items, {
        ...{ skipInvalid: true, anySubject: true, source: 'library' },
      });
      return true;
    case 'presence':
      for (const presence of parcel.items) await noteProcess(db, presence);
      return true;
  }
}
