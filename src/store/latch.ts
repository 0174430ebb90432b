import type pg from 'pg';
import { transaction } from './client.ts';

/** Lifts the global stop latch, with a note in history; false: it was not set. */
export function liftGlobalStop(pool: pg.Pool, actor: string, reason: string): Promise<boolean> {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query<{ why: string | null; by: string | null }>(
      `with latched as (select global_stop_reason, global_stop_by from rollout_state where global_stop for update)
       update rollout_state s set global_stop = false, global_stop_reason = null, global_stop_by = null,
         global_stop_at = null, generation = generation + 1
       from latched where s.global_stop
       returning latched.global_stop_reason as why, latched.global_stop_by as by`,
    );
    const latch = rows[0];
    if (!latch) return false;
    await client.query(`select rollout_append_history(null, 'note', $1, $2, $3)`, [
      `the stop of everything is lifted: ${reason}`,
      JSON.stringify({ global_stop: latch }),
      actor,
    ]);
    return true;
  });
}
