import type { ExposurePoint, RateSeries, ScoreSeries, VerdictTurn } from '../../domain/report/report.ts';
import type { Queryable } from '../db/client.ts';

type OfFeature<T> = { feature: string } & T;

/** Days of outcomes that are read, if they are kept for that long. */
const DAYS_READ = 366;
/** Days of checks that are read: as long as outcomes are kept by default. A year has 35,000 checks per feature. */
const DAYS_OF_CHECKS = 90;
/** Limit of verdict changes read for one feature, newest first. */
const MOST_TURNS = 200;

/** Reads every change of the live exposure, oldest first: rows of history that left it unchanged are not points. */
export async function readExposures(db: Queryable, feature?: string): Promise<OfFeature<ExposurePoint>[]> {
  const { rows } = await db.query<OfFeature<ExposurePoint>>(
    `with told as (
       select feature_name, id, created_at, action,
         coalesce((metadata -> 'spec' ->> 'active')::boolean and not (metadata -> 'spec' ->> 'emergency_stop')::boolean, false)
           and not coalesce((metadata ->> 'archived')::boolean, false) as live,
         coalesce((metadata -> 'spec' ->> 'percentage')::float8, 0) as percentage
       from rollout_history
       where metadata ? 'spec' and feature_name is not null and ($1::text is null or feature_name = $1)
     ), points as (
       select feature_name, id, created_at, action, live, case when live then percentage else 0 end as percentage
       from told
     ), turned as (
       select *, lag(live) over by_id is distinct from live
           or lag(percentage) over by_id is distinct from percentage as turn
       from points window by_id as (partition by feature_name order by id)
     )
     select feature_name as feature, id::float8 as history, created_at as at, action, live, percentage
     from turned where turn order by feature_name, id`,
    [feature ?? null],
  );
  return rows;
}

/** SQL for a moment's span: shorter for recent moments, so that a year fits on a page and the last day shows detail. */
function spanOf(column: string, recent: string): string {
  return `case when ${column} >= now() - interval '2 days' then interval '${recent}'
    when ${column} >= now() - interval '7 days' then interval '1 hour'
    when ${column} >= now() - interval '30 days' then interval '6 hours' else interval '1 day' end`;
}

/** Reads finished jobs over time, both arms side by side. */
export async function readRateSeries(db: Queryable, feature?: string): Promise<OfFeature<RateSeries>[]> {
  const { rows } = await db.query<OfFeature<RateSeries>>(
    `with spans as (
       select e.feature_name, date_bin(span, e.hour_start, 'epoch') as start, max(extract(epoch from span)) as span,
         sum(total_jobs) filter (where arm = 'treatment') as jobs,
         sum(error_count) filter (where arm = 'treatment') as errors,
         sum(processing_ms) filter (where arm = 'treatment') / nullif(sum(timed_jobs) filter (where arm = 'treatment'), 0) as ms,
         sum(total_jobs) filter (where arm = 'control') as control_jobs,
         sum(error_count) filter (where arm = 'control') as control_errors,
         sum(processing_ms) filter (where arm = 'control') / nullif(sum(timed_jobs) filter (where arm = 'control'), 0) as control_ms
       from (select *, ${spanOf('hour_start', '1 hour')} as span from rollout_evidence_hours
         where arm <> 'fallback' and hour_start >= now() - make_interval(hours => 24 * $2)
           and ($1::text is null or feature_name = $1)) e
       group by 1, 2
     )
     select feature_name as feature, to_json(array_agg(extract(epoch from start)::bigint order by start)) as at,
       to_json(array_agg(span::integer order by start)) as span,
       to_json(array_agg(coalesce(jobs, 0) order by start)) as jobs,
       to_json(array_agg(coalesce(errors, 0) order by start)) as errors,
       to_json(array_agg(coalesce(control_jobs, 0) order by start)) as control_jobs,
       to_json(array_agg(coalesce(control_errors, 0) order by start)) as control_errors,
       to_json(array_agg(round(ms) order by start)) as mean_ms,
       to_json(array_agg(round(control_ms) order by start)) as control_mean_ms
     from spans group by feature_name`,
    [feature ?? null, DAYS_READ],
  );
  return rows;
}

/** SQL rank of a verdict, so that the worst of a span is shown. */
const BADNESS = `array_position(array['no_data', 'insufficient', 'healthy', 'warning', 'suspect', 'error', 'harmful'], verdict)`;

/** Reads checks over time, of the last 90 days. */
export async function readScoreSeries(db: Queryable, feature?: string): Promise<OfFeature<ScoreSeries>[]> {
  const { rows } = await db.query<OfFeature<ScoreSeries>>(
    `with spans as (
       select feature_name, date_bin(${spanOf('checked_at', '1 second')}, checked_at, 'epoch') as start,
         (array['no_data', 'insufficient', 'healthy', 'warning', 'suspect', 'error', 'harmful'])[max(${BADNESS})] as verdict,
         max((scores ->> 'absolute')::float8) as absolute, max((scores ->> 'relative')::float8) as relative,
         max((scores ->> 'warning')::float8) as warning
       from rollout_health_checks
       where checked_at >= now() - make_interval(hours => 24 * $2) and ($1::text is null or feature_name = $1)
       group by 1, 2
     )
     select feature_name as feature, to_json(array_agg(extract(epoch from start)::bigint order by start)) as at,
       to_json(array_agg(verdict order by start)) as verdict,
       to_json(array_agg(round(coalesce(absolute, 0)::numeric, 2) order by start)) as absolute,
       to_json(array_agg(round(coalesce(relative, 0)::numeric, 2) order by start)) as relative,
       to_json(array_agg(round(coalesce(warning, 0)::numeric, 2) order by start)) as warning
     from spans group by feature_name`,
    [feature ?? null, DAYS_OF_CHECKS],
  );
  return rows;
}

/** Reads the checks whose verdict differs from the one before, oldest first. */
export async function readTurns(db: Queryable, feature?: string): Promise<OfFeature<VerdictTurn>[]> {
  const { rows } = await db.query<OfFeature<VerdictTurn>>(
    `with turned as (
       select feature_name, id, checked_at, verdict, reason_code, reason,
         lag(verdict) over (partition by feature_name order by id) is distinct from verdict as turn
       from rollout_health_checks
       where checked_at >= now() - make_interval(hours => 24 * $2) and ($1::text is null or feature_name = $1)
     ), newest as (
       select *, row_number() over (partition by feature_name order by id desc) as place from turned where turn
     )
     select feature_name as feature, checked_at as at, verdict, reason_code, reason from newest
     where place <= $3 order by feature_name, id`,
    [feature ?? null, DAYS_OF_CHECKS, MOST_TURNS],
  );
  return rows;
}
