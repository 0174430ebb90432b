import type { ErrorClassCount } from '../../domain/report/failures.ts';
import type { Queryable } from '../db/client.ts';
import type { FailingEpoch } from './failing-subjects.ts';

/** Error classes of a feature's failed jobs. */
export interface ClassesOfFeature {
  /** Start of the last 24 hours, at a full hour. */
  since: Date;
  /** When the epoch began; null if not known any more. */
  epoch_started_at: Date | null;
  /** Finished treatment jobs in the last 24 hours, and in the 24 hours before. */
  jobs: number;
  jobs_before: number;
  /** Most frequent first. */
  classes: ErrorClassCount[];
  /** Number of other classes. */
  more: number;
}

interface Row extends ErrorClassCount, Omit<ClassesOfFeature, 'classes' | 'more'> {
  feature: string;
  classes: number;
}

/** Reads classes of treatment's error texts in the last two days; features without one are left out. */
export async function readErrorClasses(
  db: Queryable,
  asked: readonly FailingEpoch[],
  most: number,
): Promise<Map<string, ClassesOfFeature>> {
  if (asked.length === 0 || most === 0) return new Map();
  const { rows } = await db.query<Row>(
    `with asked as (
       select feature, epoch, date_bin('1 hour', until, 'epoch') - interval '23 hours' as since
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, until)
     ), counted as (
       select a.feature, a.since, r.class, r.arm, h.at >= a.since as recent, sum(h.n) as failed
       from asked a
       join rollout_error_classes r on r.feature_name = a.feature and r.arm in ('treatment', 'control')
         and r.day between ((a.since - interval '1 day') at time zone 'UTC')::date
           and ((a.since + interval '1 day') at time zone 'UTC')::date
       cross join lateral (
         select n, r.day::timestamp at time zone 'UTC' + make_interval(hours => place::integer - 1) as at
         from unnest(r.hours) with ordinality u(n, place) where n > 0
       ) h
       where h.at >= a.since - interval '1 day' and h.at < a.since + interval '1 day'
       group by 1, 2, 3, 4, 5
     ), classes as (
       select feature, since, class, coalesce(sum(failed) filter (where recent and arm = 'treatment'), 0) as failed,
         coalesce(sum(failed) filter (where not recent and arm = 'treatment'), 0) as failed_before,
         coalesce(sum(failed) filter (where recent and arm = 'control'), 0) as control_failed,
         coalesce(sum(failed) filter (where not recent and arm = 'control'), 0) as control_failed_before
       from counted group by 1, 2, 3 having bool_or(arm = 'treatment')
     ), ranked as (
       select *, count(*) over (partition by feature) as classes,
         row_number() over (partition by feature order by failed desc, failed_before desc, class collate "C") as place
       from classes
     ), ran as (
       select a.feature, coalesce(sum(e.total_jobs) filter (where e.hour_start >= a.since), 0)::float8 as jobs,
         coalesce(sum(e.total_jobs) filter (where e.hour_start < a.since), 0)::float8 as jobs_before
       from asked a
       join rollout_evidence_hours e on e.feature_name = a.feature and e.arm = 'treatment'
         and e.hour_start >= a.since - interval '1 day' and e.hour_start < a.since + interval '1 day'
       where a.feature in (select feature from classes)
       group by 1
     )
     select r.feature, r.since, nullif(r.class, '') as class, r.failed::float8 as failed, r.failed_before::float8 as failed_before,
       r.control_failed::float8 as control_failed, r.control_failed_before::float8 as control_failed_before,
       s.first_at, s.last_at, coalesce(j.jobs, 0) as jobs, coalesce(j.jobs_before, 0) as jobs_before, r.classes::float8 as classes,
       case when c.epoch = a.epoch then c.epoch_started_at else t.started_at end as epoch_started_at
     from ranked r
     join asked a using (feature)
     join rollout_configuration c on c.feature_name = r.feature
     left join rollout_timelines t on t.feature_name = r.feature and t.epoch = a.epoch and t.scope = 'all'
     left join ran j using (feature)
     cross join lateral (
       select min(k.first_at) as first_at, max(k.last_at) filter (where k.arm = 'treatment') as last_at
       from rollout_error_classes k
       where k.feature_name = r.feature and k.class = r.class and k.arm in ('treatment', 'control')
     ) s
     where r.place <= $4 order by r.feature, r.place`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map(({ until }) => until),
      most,
    ],
  );
  const found = new Map<string, ClassesOfFeature>();
  for (const { feature, since, epoch_started_at, jobs, jobs_before, classes, ...one } of rows) {
    const whole = { since, epoch_started_at, jobs, jobs_before };
    const own = found.get(feature) ?? { ...whole, classes: [], more: classes };
    own.classes.push(one);
    own.more -= 1;
    found.set(feature, own);
  }
  return found;
}
