import type pg from 'pg';
import { transaction } from '../db/client.ts';

/** A feature whose soak begins anew, because so many entered since it began with so many. */
export interface RestartedSoak {
  feature: string;
  entered: number;
  exposed: number;
}

/** Begins the soaks anew of features that have too many subjects who have not soaked. */
export function restartSoaks(pool: pg.Pool, actor: string): Promise<RestartedSoak[]> {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query<RestartedSoak>(
      `select feature_name as feature, entered::float8, exposed::float8 from rollout_restart_soaks()`,
    );
    return rows;
  });
}
