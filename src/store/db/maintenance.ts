import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { limited } from './client.ts';
import { isClash, translated } from './driver-errors.ts';

export interface Keeping {
  /** Days for which outcomes are kept. Default 90. */
  keepDays?: number;
  /** Days ahead for which partitions are created. Default 7. */
  aheadDays?: number;
}

export interface Maintenance {
  /** Number of partitions. */
  created: number;
  dropped: number;
  /** Deleted batches, ids and stamps that are no longer needed; stamps are dropped by day. */
  forgotten: number;
  /** Verdicts older than 90 days that were removed from a series of equal ones. */
  thinned: number;
  /** True: a long-running reader blocked the work, so nothing was done; the next run tries again. */
  put_off: boolean;
  /** The blocking process; null if nothing was put off. */
  because: string | null;
}

/** Waiting for a lock blocks every recording process, so the work is rather put off. */
const LIMITS = { lockSeconds: 2, statementSeconds: 1_800 };

/** Ids deleted per transaction; one run deletes two million at most. */
const IDS = 20_000;
const MOST_TIMES = 100;

const NOTHING = { created: 0, dropped: 0, forgotten: 0, thinned: 0 };

/** Creates the partitions of the next days and removes expired data. */
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

/** The next run deletes the rest. */
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
