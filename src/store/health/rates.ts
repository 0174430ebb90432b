import type { Arm } from '../../domain/evidence/outcomes.ts';
import type { GuardrailResult } from '../../domain/guardrails/result.ts';
import type { Judgement } from '../../domain/health/health.ts';
import type { Queryable } from '../db/client.ts';

/** Finished jobs of one place, in the spec's window or in the one before it. */
export interface RateRow {
  feature: string;
  side: 'now' | 'before';
  /** Of the present epoch? Others are shown and not judged. */
  present: boolean;
  processor: string;
  arm: Arm;
  category: string;
  jobs: number;
  errors: number;
  timed_jobs: number;
  processing_ms: number;
}

/** The moment at which the window of a feature begins. */
const WINDOW = `make_interval(secs => (c.monitoring_window_hours * 3600)::float8)`;

/** Rates of the window that each spec names, and of the one before it. */
export async function readRates(db: Queryable, feature?: string): Promise<RateRow[]> {
  const { rows } = await db.query<RateRow>(
    `select e.feature_name as feature, case when e.window_start > now() - ${WINDOW} then 'now' else 'before' end as side,
       e.epoch = c.epoch as present, e.processor_type as processor, e.arm, e.category,
       sum(e.total_jobs)::float8 as jobs, sum(e.error_count)::float8 as errors,
       sum(e.timed_jobs)::float8 as timed_jobs, sum(e.processing_ms) as processing_ms
     from rollout_configuration c
     join rollout_evidence e on e.feature_name = c.feature_name and e.window_start > now() - 2 * ${WINDOW}
     where $1::text is null or c.feature_name = $1
     group by 1, 2, 3, 4, 5, 6 order by 1, 2, 4, 5, 6, 3`,
    [feature ?? null],
  );
  return rows;
}

/**
 * How many of the subjects that are eligible now had a treatment job in the window. Outcomes are looked through once,
 * however many features there are: their rows lie by time, and those of one feature are no fewer to read.
 */
export async function countParticipants(db: Queryable, feature?: string): Promise<Map<string, number>> {
  // For this transaction: half a million pairs of feature and subject fit into it, and are not sorted on disk.
  await db.query(`select set_config('work_mem', '64MB', true)`);
  const { rows } = await db.query<{ feature: string; subjects: number }>(
    `with asked as materialized (
       select c.*, now() - ${WINDOW} as since from rollout_configuration c
       where ($1::text is null or c.feature_name = $1) and c.is_active and not c.emergency_stop
         and not (select global_stop from rollout_state)
     ), heard as materialized (
       select asked.subject_type, m.feature_name, m.subject_id from rollout_metrics m
       join asked on asked.feature_name = m.feature_name and m.metrics_window_start > asked.since
       where m.arm = 'treatment' and m.metrics_window_start > (select min(since) from asked)
       group by 1, 2, 3
     ), known as (
       select h.feature_name, h.subject_id, s.name, s.category
       from heard h
       join rollout_subjects s on s.subject_type = h.subject_type and s.subject_id = h.subject_id
       -- A fence: to join every feature with every subject first takes four times as long.
       offset 0
     )
     select c.feature_name as feature, count(*)::float8 as subjects
     from known s
     join asked c on c.feature_name = s.feature_name
     where rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
         c.target_repositories, c.excluded_repositories, c.salt, s.subject_id, s.name, s.category)
     group by 1`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature, row.subjects]));
}

/** A text that failed jobs said. */
export interface ErrorText {
  feature: string;
  processor: string;
  arm: Arm;
  message: string;
  occurrences: number;
  last_at: Date;
}

/** The most frequent texts of each feature, counted over the days that its window touches. */
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

/** The last `hours` by the hour: what somebody sees at a glance. */
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
