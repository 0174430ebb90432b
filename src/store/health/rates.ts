import type { Arm } from '../../domain/evidence/outcomes.ts';
import { countersOf, type TimeCounters } from '../../domain/evidence/time-counters.ts';
import type { GuardrailResult } from '../../domain/guardrails/result.ts';
import type { Judgement } from '../../domain/health/health.ts';
import type { Queryable } from '../db/client.ts';

/** Finished jobs of one place, in the spec's window or in the preceding one. */
export interface RateRow {
  feature: string;
  side: 'now' | 'before';
  /** True: of the present epoch. Others are shown but not judged. */
  present: boolean;
  processor: string;
  arm: Arm;
  category: string;
  jobs: number;
  errors: number;
  timed_jobs: number;
  processing_ms: number;
  times?: TimeCounters;
}

/** SQL for the start of a feature's window. */
const WINDOW = `make_interval(secs => (c.monitoring_window_hours * 3600)::float8)`;

/**
 * Reads rates of each spec's window, and of the preceding one. Hours entirely inside one of the two are read as hours;
 * the hours in which one begins are read by windows, one by one (`offset 0`: a join would read all of them).
 */
export async function readRates(db: Queryable, feature?: string): Promise<RateRow[]> {
  const times = await readTimes(db, feature);
  const { rows } = await db.query<RateRow>(
    `with asked as (
       select c.feature_name, c.epoch, now() - ${WINDOW} as begins, now() - 2 * ${WINDOW} as earlier
       from rollout_configuration c where $1::text is null or c.feature_name = $1
     ), hours as (
       select *, date_bin('1 hour', begins, 'epoch') as first, date_bin('1 hour', earlier, 'epoch') as earliest from asked
     ), edges as (
       select distinct a.feature_name, a.epoch as own, a.begins, a.earlier, e.epoch, e.hour_start
       from hours a
       join rollout_evidence_hours e on e.feature_name = a.feature_name and e.hour_start in (a.first, a.earliest)
     ), parts as (
       select a.feature_name, e.hour_start > a.first as recent, e.epoch = a.epoch as present, e.processor_type, e.arm,
         e.category, e.total_jobs, e.error_count, e.timed_jobs, e.processing_ms
       from hours a
       join rollout_evidence_hours e on e.feature_name = a.feature_name and e.hour_start > a.earliest
       where e.hour_start <> a.first
       union all
       select a.feature_name, e.window_start > a.begins, a.epoch = a.own, e.processor_type, e.arm,
         e.category, e.total_jobs, e.error_count, e.timed_jobs, e.processing_ms
       from edges a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature_name and w.epoch = a.epoch and w.window_start > a.earlier
           and w.window_start >= a.hour_start and w.window_start < a.hour_start + interval '1 hour'
         offset 0
       ) e
     )
     select feature_name as feature, case when recent then 'now' else 'before' end as side, present,
       processor_type as processor, arm, category, sum(total_jobs)::float8 as jobs, sum(error_count)::float8 as errors,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms
     from parts
     group by 1, 2, 3, 4, 5, 6 order by 1, 2, 4, 5, 6, 3`,
    [feature ?? null],
  );
  return rows.map((row) => {
    const counted = times.get(placeOf(row));
    return counted ? { ...row, times: counted } : row;
  });
}

type TimedPlace = Pick<RateRow, 'feature' | 'side' | 'present' | 'processor' | 'arm' | 'category'>;

function placeOf({ feature, side, present, processor, arm, category }: TimedPlace): string {
  return JSON.stringify([feature, side, present, processor, arm, category]);
}

/** Reads counters of durations in the present windows by place, in whole hours. */
async function readTimes(db: Queryable, feature?: string): Promise<Map<string, TimeCounters>> {
  const { rows } = await db.query<TimedPlace & { places: number[]; counts: number[] }>(
    `select s.feature, 'now' as side, s.present, s.processor, s.arm, s.category,
       array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, t.epoch = c.epoch as present, t.processor_type as processor, t.arm, t.category,
         u.place, sum(u.jobs)::float8 as jobs
       from rollout_configuration c
       join rollout_evidence_times t on t.feature_name = c.feature_name
         and t.hour_start >= date_bin('1 hour', now() - ${WINDOW}, 'epoch')
       cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where $1::text is null or c.feature_name = $1
       group by 1, 2, 3, 4, 5, 6
     ) s group by 1, 2, 3, 4, 5, 6`,
    [feature ?? null],
  );
  return new Map(
    rows.map((row) => {
      return [placeOf(row), countersOf(row.places.map((place, i) => [place, row.counts[i] ?? 0] as const))];
    }),
  );
}

/**
 * Counts the presently eligible subjects with a treatment job in the window, by feature. If counting takes long, the
 * count of the last tick is used.
 */
export async function countParticipants(db: Queryable, feature?: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ feature: string; subjects: number }>(
    `select feature, subjects::float8 from rollout_participants($1)`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature, row.subjects]));
}

/** Stores these counts for all readers, at most so often that counting takes a thirtieth of the time. */
export async function keepParticipation(db: Queryable): Promise<void> {
  await db.query('select rollout_keep_participation()');
}

/** An error text of failed jobs. */
export interface ErrorText {
  feature: string;
  processor: string;
  arm: Arm;
  message: string;
  occurrences: number;
  last_at: Date;
}

/** Reads the most frequent error texts of each feature, counted over the days that its window touches. */
export async function readErrorTexts(db: Queryable, limit: number, feature?: string): Promise<ErrorText[]> {
  const { rows } = await db.query<ErrorText>(
    `select feature, processor, arm, message, occurrences, last_at
     from (
       select r.feature_name as feature, r.processor_type as processor, r.arm, r.message,
         sum(r.occurrences)::float8 as occurrences, max(r.last_at) as last_at,
         row_number() over (partition by r.feature_name
           order by sum(r.occurrences) desc, r.message, r.processor_type, r.arm) as place
       from rollout_configuration c
       join rollout_errors r on r.feature_name = c.feature_name
         and r.day >= ((now() - ${WINDOW}) at time zone 'UTC')::date
       where $1::text is null or c.feature_name = $1
       group by 1, 2, 3, 4
     ) counted
     where place <= $2 order by feature, place`,
    [feature ?? null, limit],
  );
  return rows;
}

/** The latest verdict of a feature in its present epoch. */
export interface LastVerdict extends Pick<Judgement, 'verdict' | 'reason' | 'severity' | 'scope'> {
  feature: string;
  reason_code: Judgement['reasonCode'];
  checked_at: Date;
  guardrails: GuardrailResult[];
}

export async function readLastVerdicts(db: Queryable, feature?: string): Promise<Map<string, LastVerdict>> {
  const { rows } = await db.query<LastVerdict>(
    `select c.feature_name as feature, h.verdict, h.reason_code, h.reason, h.severity, h.scope, h.checked_at,
       coalesce(h.evidence -> 'guardrails', '[]') as guardrails
     from rollout_configuration c
     join lateral (
       select * from rollout_health_checks h
       where h.feature_name = c.feature_name and h.epoch = c.epoch order by h.checked_at desc, h.id desc limit 1
     ) h on true
     where $1::text is null or c.feature_name = $1`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature, row]));
}

/** Finished treatment jobs of one of the last hours, over all epochs. */
export interface HourRow {
  feature: string;
  /** 0 is the present hour. */
  hours_ago: number;
  jobs: number;
  errors: number;
}

/** Reads the last `hours` by the hour, for a short overview. */
export async function readHours(db: Queryable, hours: number, feature?: string): Promise<HourRow[]> {
  const { rows } = await db.query<HourRow>(
    `select b.feature_name as feature,
       (extract(epoch from date_trunc('hour', now(), 'UTC') - date_trunc('hour', b.bucket_start, 'UTC')) / 3600)::integer as hours_ago,
       sum(b.jobs)::float8 as jobs, sum(b.errors)::float8 as errors
     from rollout_evidence_buckets b
     where b.bucket_start >= date_trunc('hour', now(), 'UTC') - make_interval(hours => $1 - 1) and b.bucket_start <= now()
       and ($2::text is null or b.feature_name = $2)
     group by 1, 2`,
    [hours, feature ?? null],
  );
  return rows;
}
