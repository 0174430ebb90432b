import { byKey } from '../../domain/evidence/rates.ts';
import type { SpeedComparison } from '../../domain/health/slowdown.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, DAYS_READ, type Stretch } from './evidence.ts';

/** Compares durations of this step with control's, or with the steps before if control has none. */
export async function readSpeed(
  db: Queryable,
  feature: string,
  epoch: number,
  since: Date,
): Promise<SpeedComparison[]> {
  return (await readSpeedOf(db, [{ feature, epoch, step_started_at: since }])).get(feature) ?? [];
}

/**
 * Compares durations of many features at once, over the last 30 days; features without a comparison are left out.
 *
 * Hours are read whole, except the one in which the step began: its windows separate before from after. They are read
 * feature by feature (`offset 0`): a join would read those of all days.
 */
export async function readSpeedOf(
  db: Queryable,
  steps: readonly Stretch[],
): Promise<Map<string, SpeedComparison[]>> {
  const { rows } = await db.query<SpeedComparison & { feature: string }>(
    `with asked as (
       select *, date_bin('1 hour', since, 'epoch') as first_hour,
         date_bin('5 minutes', since, 'epoch') as first_window
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     ), parts as (
       select a.feature, h.processor_type, h.job_class, case when h.arm = 'control' then 'control'
           when h.hour_start > a.first_hour then 'now' else 'before' end as side, h.timed_jobs, h.processing_ms
       from asked a
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch = a.epoch
       where h.hour_start >= now() - make_interval(hours => 24 * $4) and h.timed_jobs > 0
         and (h.arm = 'control' or (h.arm = 'treatment' and h.hour_start <> a.first_hour))
       union all
       select a.feature, e.processor_type, e.job_class,
         case when e.window_start >= a.first_window then 'now' else 'before' end, e.timed_jobs, e.processing_ms
       from asked a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm = 'treatment' and w.timed_jobs > 0
           and w.window_start >= a.first_hour and w.window_start < a.first_hour + interval '1 hour'
         offset 0
       ) e
     ), sums as (
       select feature, processor_type, job_class, side, sum(timed_jobs)::float8 as jobs, sum(processing_ms) as ms
       from parts group by 1, 2, 3, 4
     )
     select n.feature, n.processor_type as processor, n.job_class, n.jobs, n.ms / n.jobs as mean_ms,
       b.jobs as baseline_jobs, b.ms / b.jobs as baseline_ms, b.side as baseline
     from sums n
     join lateral (
       select * from sums s where s.feature = n.feature and s.processor_type = n.processor_type
         and s.job_class = n.job_class and s.side in ('control', 'before') order by s.side desc limit 1
     ) b on true
     where n.side = 'now'
     order by 1, 2, 3`,
    [...columnsOf(steps), DAYS_READ],
  );
  const features = byKey(rows, ({ feature }) => feature);
  return new Map(
    [...features].map(([feature, found]) => [feature, found.map(({ feature: _, ...one }) => one)]),
  );
}
