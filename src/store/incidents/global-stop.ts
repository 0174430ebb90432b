import type pg from 'pg';
import { transaction } from '../db/client.ts';

/** Lifts the global stop, with a note in history; false: it was not set. */
export function liftGlobalStop(pool: pg.Pool, actor: string, reason: string): Promise<boolean> {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query<{ lifted: boolean }>(
      `select rollout_lift_global_stop($1, $2) as lifted`,
      [reason, actor],
    );
    return rows[0]?.lifted ?? false;
  });
}
