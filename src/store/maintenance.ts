import type pg from 'pg';
import { RolloutError } from '../errors.ts';
import { CLASH_CODES, translated } from './translated.ts';

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
}

const NOTHING = { created: 0, dropped: 0, forgotten: 0, thinned: 0 };

/** Makes the partitions of the next days and lets go of what is past its keeping. */
export async function maintain(pool: pg.Pool, { keepDays, aheadDays }: Keeping = {}): Promise<Maintenance> {
  try {
    const { rows } = await pool.query<Omit<Maintenance, 'put_off'>>(
      `select created, dropped, forgotten::float8, thinned::float8 from rollout_maintain($1, $2)`,
      [keepDays ?? 90, aheadDays ?? 7],
    );
    return { ...NOTHING, ...rows[0], put_off: false };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (CLASH_CODES.has(code)) return { ...NOTHING, put_off: true };
    if (code === '22023') throw new RolloutError('usage', (error as Error).message, { cause: error });
    return translated(() => Promise.reject(error));
  }
}
