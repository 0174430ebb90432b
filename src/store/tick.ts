import type pg from 'pg';
import type { Queryable } from './client.ts';

/** Takes the tick's lease; false: another tick holds it. A holder that died loses it after `seconds`. */
export async function takeLease(db: Queryable, holder: string, seconds: number): Promise<boolean> {
  const { rows } = await db.query<{ taken: boolean }>(`select rollout_take_lease($1, $2) as taken`, [
    holder,
    seconds,
  ]);
  return rows[0]?.taken === true;
}

export async function releaseLease(db: Queryable, holder: string): Promise<void> {
  await db.query(
    `update rollout_state set tick_holder = null, tick_expires_at = null where tick_holder = $1`,
    [holder],
  );
}

/** Leaves the sign that a tick ran, and gives back its time. */
export async function leaveHeartbeat(pool: pg.Pool): Promise<Date> {
  const { rows } = await pool.query<{ at: Date }>(
    `update rollout_state set heartbeat_at = clock_timestamp() returning heartbeat_at as at`,
  );
  return rows[0]?.at ?? new Date(0);
}
