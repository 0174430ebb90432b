import type { Queryable } from '../db/client.ts';

/** A row of history in which a percentage changed, for a reason that is not an incident. */
export interface PercentageRow {
  /** Number of the history row. */
  id: string;
  feature: string;
  /** Percentage before; 0 if the feature did not exist. */
  from: number;
  to: number;
  by: string;
  reason: string | null;
}

/** Rollbacks and stops are excluded, because they are notified as incidents. */
const NOT_INCIDENTS = [
  ...['created', 'updated', 'advanced', 'resumed', 'drift_repaired', 'drift_adopted'],
] as const;

/** Limit per tick; others wait for the next one. */
const MOST_AT_ONCE = 200;

/** Reads changes of percentages since the last recorded one, oldest first; none if the file has no routes. */
export async function percentagesSince(db: Queryable): Promise<PercentageRow[]> {
  const { rows } = await db.query<PercentageRow>(
    `select h.id::text, h.feature_name as feature, coalesce(h.previous_percentage, 0)::float8 as "from",
       coalesce(h.new_percentage, 0)::float8 as "to", h.triggered_by as by, h.reason
     from rollout_state s join rollout_history h on h.id > s.notified_history
     where h.action = any ($1) and h.feature_name is not null
       and coalesce(h.previous_percentage, 0) <> coalesce(h.new_percentage, 0)
     order by h.id limit $2`,
    [NOT_INCIDENTS, MOST_AT_ONCE],
  );
  return rows;
}

/** Records that changes up to this history row are in the outbox. */
export async function notePercentages(db: Queryable, last: string): Promise<void> {
  await db.query(
    `update rollout_state set notified_history = $1::bigint where notified_history < $1::bigint`,
    [last],
  );
}
