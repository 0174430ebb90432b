import type { KeptRule, RouteSum } from '../../domain/evidence/routes.ts';
import { plainArray, textArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';

/** Counts of routing rules in transfer with outcomes, under their own id, by which they count once. */
export interface Routes {
  id: string;
  items: RouteSum[];
}

/**
 * SQL that records the counts in the statement that records outcomes, after these: its text, and its values from
 * `$first` on.
 */
export function routesCall(routes: Routes | undefined, first: number): { sql: string; values: string[] } {
  if (!routes) return { sql: '', values: [] };
  const { id, items } = routes;
  const places = Array.from({ length: 6 }, (_, i) => `$${first + i}`).join(', ');
  return {
    sql: `, rollout_record_routes(${places})`,
    values: [
      id,
      textArray(items.map((one) => one.feature)),
      plainArray(items.map((one) => one.epoch)),
      textArray(items.map((one) => one.rule)),
      plainArray(items.map((one) => one.day)),
      plainArray(items.map((one) => one.jobs)),
    ],
  };
}

/** Reads how often each rule decided, by feature; rules that never did are left out. */
export async function readRoutes(
  db: Queryable,
  feature?: string,
): Promise<(KeptRule & { feature: string })[]> {
  const { rows } = await db.query<KeptRule & { feature: string }>(
    `select r.feature_name as feature, r.rule,
       coalesce(sum(r.jobs) filter (where r.day = t.today), 0)::float8 as today,
       coalesce(sum(r.jobs) filter (where r.day > t.today - 7), 0)::float8 as week,
       sum(r.of_epoch)::float8 as epoch,
       to_char(max(r.day), 'YYYY-MM-DD') as last_day,
       coalesce(jsonb_agg(jsonb_build_object('day', to_char(r.day, 'YYYY-MM-DD'), 'jobs', r.jobs) order by r.day)
         filter (where r.day > t.today - 14), '[]') as days
     from (
       select k.feature_name, k.rule, k.day, sum(k.jobs) as jobs,
         coalesce(sum(k.jobs) filter (where k.epoch = c.epoch), 0) as of_epoch
       from rollout_routes k join rollout_configuration c on c.feature_name = k.feature_name
       where $1::text is null or k.feature_name = $1 group by 1, 2, 3
     ) r
     cross join (select (now() at time zone 'UTC')::date as today) t
     group by 1, 2 order by 1, 2`,
    [feature ?? null],
  );
  return rows;
}
