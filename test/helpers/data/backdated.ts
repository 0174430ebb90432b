import type { TestDatabase } from '../database/database.ts';

/**
 * Sets columns of `rollout_configuration` back in time, as if they had begun then. By SQL alone that is refused: the
 * claim is the one that the demo makes when it lets time go by.
 */
export async function backdate(
  db: Pick<TestDatabase, 'pool'>,
  set: string,
  values: readonly unknown[] = [],
): Promise<void> {
  await db.pool.query(
    `with claimed as (select set_config('rollout.state', 'controlled', true))
     update rollout_configuration set ${set.replace(/\bwhere\b/, 'from claimed where')}${/\bwhere\b/.test(set) ? '' : ' from claimed'}`,
    [...values],
  );
}
