import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { limited } from './client.ts';
import { isClash, translated } from './driver-errors.ts';

export interface Keeping {
  /** Days that outcomes are kept. Default 90. */
  keepDays?: number;
  /** Days ahead for which there are partitions. Default 7. */
  aheadDays?: number;
}

export interface Maintenance {
  /** Partitions. */
  created: number;
  dropped: number;
  /** Batches, ids and stamps that need not be remembered any more, and were deleted; a day of stamps is dropped. */
  forgotten: number;
  /** Verdicts of more than 90 days ago that were one of many alike. */
  thinned: number;
  /** Somebody was reading for long, so nothing was done this time; the next run does it. */
  put_off: boolean;
  /** Who was in the way; null where nothing was put off. */
  because: string | null;
}

/** It keeps everybody who records waiting while it waits: it would rather do it another time. */
const LIMITS = { lockSeconds: 2, statementSeconds: 1_800 };

/** Ids are deleted so many at a time, each time in a transaction of its own; one run deletes two million at most. */
const IDS = 20_000;
const MOST_TIMES = 100;

const NOTHING = { created: 0, dropped: 0, forgotten: 0, thinned: 0 };

/** Makes the partitions of the next days and lets go of what is past its keeping. */
export async function maintain(pool: pg.Pool, { keepDays, aheadDays }: Keeping = {}): Promise<Maintenance> {
  try {
    const { rows } = await limited(pool, 'begin', LIMITS, (client) =>
      client.query<Omit<Maintenance, 'put_off' | 'because'>>(
        `select created, dropped, forgotten::float8, thinned::float8 from rollout_maintain($1, $2)`,
        [keepDays ?? 90, aheadDays ?? 7],
      ),
    );
    const done = { ...NOTHING, ...rows[0] };
    return { ...done, forgotten: done.forgotten + (await forgetIds(pool)), put_off: false, because: null };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'busy' || isClash(error)) {
      return { ...NOTHING, put_off: true, because: (error as Error).message };
    }
    if (code === '22023') throw new RolloutError('usage', (error as Error).message, { cause: error });
    return translated(() => Promise.reject(error));
  }
}

/** What is left is forgotten by the next run. */
async function forgetIds(pool: pg.Pool): Promise<number> {
  let forgotten = 0;
  for (let times = 0; times < MOST_TIMES; times++) {
    const { rows } = await limited(pool, 'begin', LIMITS, (client) =>
      client.query<{ ids: number }>('select rollout_forget_ids($1)::float8 as ids', [IDS]),
    );
    const ids = rows[0]?.ids ?? 0;
    forgotten += ids;
    if (ids < IDS) break;
  }
  return forgotten;
}
