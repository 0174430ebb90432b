import { RolloutError } from '../../errors.ts';
import type { Queryable } from '../db/client.ts';

/** Takes the tick's lease; false: another tick holds it. A dead holder loses it after `seconds`. */
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

/** The lease of a working tick. */
export interface Lease {
  /** Throws `lease_lost` once another tick has taken over and acts instead. */
  keep(): void;
  release(): Promise<void>;
}

/**
 * Takes the lease and renews it while the work lasts, by default three times per term; null: another tick holds it. A
 * brief outage of the database does not lose it: the next renewal decides.
 */
export async function holdLease(
  db: Queryable,
  holder: string,
  seconds: number,
  renewAfterMs = (seconds * 1_000) / 3,
): Promise<Lease | null> {
  if (!(await takeLease(db, holder, seconds))) return null;
  let lost = false;
  const renew = async () => {
    const ours = await takeLease(db, holder, seconds).catch(() => true);
    lost ||= !ours;
  };
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = renewal.then(renew);
  }, renewAfterMs);
  timer.unref();
  return {
    keep() {
      if (lost) throw new RolloutError('lease_lost', LOST, { hint: 'see what it does: rollout status' });
    },
    async release() {
      clearInterval(timer);
      await renewal;
      await releaseLease(db, holder);
    },
  };
}

const LOST = 'this tick was silent for so long that another one took over; it acts no more';

/** Records that a tick ran, and returns the time. */
export async function leaveHeartbeat(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>(
    `update rollout_state set heartbeat_at = clock_timestamp() returning heartbeat_at as at`,
  );
  return rows[0]?.at ?? new Date(0);
}
