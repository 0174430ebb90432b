import type pg from 'pg';
import { transaction } from '../db/client.ts';

/** A feature whose soak restarts, because many subjects entered since it began. */
export interface RestartedSoak {
  feature: string;
  entered: number;
  exposed: number;
}

/** Restarts the soaks of features in which too many subjects have not soaked. */
export function restartSoaks(pool: pg.Pool, actor: string): Promise<RestartedSoak[]> {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query<RestartedSoak>(
      `select feature_name as feature, entered::float8, exposed::float8 from rollout_restart_soaks()`,
    );
    return rows;
  });
}
