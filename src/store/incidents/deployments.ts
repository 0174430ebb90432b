import type { Strategy } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/** A feature whose exposure changed since its last deployment. */
export interface Undeployed {
  feature: string;
  strategy: Strategy;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  /** The history row of the change, and its digest. */
  history: string;
  digest: string;
  reason: string;
  revision: string | null;
  previous_percentage: number | null;
}

/** Reads these features, oldest change first; only the last change of each counts. */
export async function undeployed(db: Queryable, limit: number): Promise<Undeployed[]> {
  const { rows } = await db.query<Undeployed>(
    `select c.feature_name as feature, coalesce(c.audience ->> 'strategy', c.rollout_strategy) as strategy, c.rollout_percentage::float8 as percentage,
       c.is_active as active, c.emergency_stop, h.id::text as history, encode(h.digest, 'hex') as digest,
       coalesce(h.reason, '') as reason, h.revision, h.previous_percentage::float8 as previous_percentage
     from rollout_state s
     join rollout_configuration c on c.history_id > coalesce((s.deployments ->> c.feature_name)::bigint, 0)
     cross join lateral (
       select * from rollout_history h
       where h.feature_name = c.feature_name and (h.action = 'created' or h.metadata ? 'before')
       order by h.id desc limit 1
     ) h
     where h.id > coalesce((s.deployments ->> c.feature_name)::bigint, 0)
     order by h.id limit $1`,
    [limit],
  );
  return rows;
}

export async function markDeployed(db: Queryable, feature: string, history: string): Promise<void> {
  await db.query(
    `update rollout_state set deployments = deployments || jsonb_build_object($1::text, $2::text::bigint)`,
    [feature, history],
  );
}
