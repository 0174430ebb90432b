import type { Queryable } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';

/**
 * Folds counts of earlier flushes into the scores, and rolls back features that crossed but could not be rolled back at
 * once. Returns how many features are still pending: another process is folding, control is awaited, or a lock was not
 * available.
 */
export async function tripFuse(db: Queryable): Promise<number> {
  const { rows } = await translated(() => db.query<{ pending: number }>('select rollout_trip() as pending'));
  return rows[0]?.pending ?? 0;
}
