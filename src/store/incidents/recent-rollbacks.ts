import type { Queryable } from '../db/client.ts';

/** Input of the storm guard. */
export interface RecentRollbacks {
  /** The newest rollback of each feature, in seconds since 1970; rollbacks by a person are left out. */
  at: Map<string, number>;
  /** Time of the database's clock, in seconds since 1970. */
  now: number;
}

/** Reads features that were rolled back by their evidence in the last `seconds`. */
export async function recentRollbacks(db: Queryable, seconds: number): Promise<RecentRollbacks> {
  const { rows } = await db.query<{ feature: string | null; at: number | null; now: number }>(
    `select i.feature_name as feature, extract(epoch from max(i.opened_at))::float8 as at,
       extract(epoch from clock_timestamp())::float8 as now
     from (select) always
     left join rollout_incidents i on i.kind = 'rollback' and i.opened_at > now() - make_interval(secs => $1)
       and not i.evidence ? 'by_hand'
     group by i.feature_name`,
    [seconds],
  );
  const at = new Map<string, number>();
  for (const row of rows) if (row.feature !== null && row.at !== null) at.set(row.feature, row.at);
  return { at, now: rows[0]?.now ?? 0 };
}
