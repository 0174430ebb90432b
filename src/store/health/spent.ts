import type { ProcessorJobs } from '../../domain/evidence/cost.ts';
import { byKey } from '../../domain/evidence/rates.ts';
import type { Spent } from '../../domain/evidence/spending.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, type Stretch } from './evidence.ts';

/** Days of runs that are read: older ones do not represent present traffic, and a whole week has each weekday once. */
const DAYS = 7;

/**
 * Reads the runs of these steps by processor, of treatment and of its fallbacks; steps without runs are left out. Hours
 * are read whole, except the first, whose windows separate before from after.
 */
export async function readSpent(db: Queryable, steps: readonly Stretch[]): Promise<Map<string, Spent>> {
  if (steps.length === 0) return new Map();
  const { rows } = await db.query<ProcessorJobs & { feature: string; seconds: number }>(
    `with asked as (
       select a.*, date_bin('5 minutes', greatest(a.began, now() - make_interval(days => $4)), 'epoch') as since
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, began)
     ), parts as (
       select a.feature, a.since, h.processor_type, h.total_jobs, h.timed_jobs, h.processing_ms
       from asked a
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch = a.epoch
         and h.hour_start > a.since and h.hour_start <= now() and h.arm in ('treatment', 'fallback')
       union all
       select a.feature, a.since, e.processor_type, e.total_jobs, e.timed_jobs, e.processing_ms
       from asked a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm in ('treatment', 'fallback')
           and w.window_start >= a.since and w.window_start < date_bin('1 hour', a.since, 'epoch') + interval '1 hour'
         offset 0
       ) e
     )
     select feature, processor_type as processor, sum(total_jobs)::float8 as jobs,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms,
       extract(epoch from now() - since)::float8 as seconds
     from parts group by feature, processor_type, since order by 1, 2`,
    [...columnsOf(steps), DAYS],
  );
  return new Map(
    [...byKey(rows, ({ feature }) => feature)].map(([feature, found]) => [
      feature,
      {
        processors: found.map(({ feature: _feature, seconds: _seconds, ...sum }) => sum),
        seconds: Math.max(1, found[0]?.seconds ?? 0),
      },
    ]),
  );
}
