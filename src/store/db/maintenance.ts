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
  /** Batches, ids and stamps that need not be remembered any more. */
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
    return { ...NOTHING, ...rows[0], put_off: false, because: null };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'busy' || isClash(error)) {
      return { ...NOTHING, put_off: true, because: (error as Error).message };
    }
    if (code === '22023') throw new RolloutError('usage', (error as Error).message, { cause: error });
    return translated(() => Promise.reject(error));
  }
}
