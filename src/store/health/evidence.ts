import type { EvidenceRow } from '../../domain/health/health.ts';
import type { Queryable } from '../db/client.ts';
import { rowsOf } from './evidence-lines.ts';

/** Days of evidence that are read: a score restarts long before. */
export const DAYS_READ = 30;

/** An epoch of a feature. */
export interface Epoch {
  feature: string;
  epoch: number;
}

/** An epoch, and the start of its present step. */
export interface Stretch extends Epoch {
  step_started_at: Date;
}

/** Reads the evidence of one epoch by 15 minutes and category, unordered. */
export async function readEvidence(db: Queryable, feature: string, epoch: number): Promise<EvidenceRow[]> {
  return (await readEvidenceOf(db, [{ feature, epoch }])).get(feature)?.() ?? [];
}

/**
 * Reads the evidence of many features at once, one epoch each; features without evidence are left out.
 *
 * Each feature is returned as one text of lines, because the driver takes longer for tens of thousands of rows than
 * PostgreSQL takes to find them. It is parsed on demand: keeping the rows of a hundred features at once costs more than
 * parsing them.
 */
export async function readEvidenceOf(
  db: Queryable,
  epochs: readonly Epoch[],
): Promise<Map<string, () => EvidenceRow[]>> {
  const { rows } = await db.query<{ feature: string; lines: string }>(
    `select a.feature, string_agg(b.line, E'\n') as lines
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch
     where b.bucket_start >= now() - make_interval(hours => 24 * $3)
     group by a.feature`,
    [epochs.map(({ feature }) => feature), epochs.map(({ epoch }) => epoch), DAYS_READ],
  );
  return new Map(rows.map(({ feature, lines }) => [feature, () => rowsOf(lines)]));
}

/** Finished treatment jobs of a step. */
export interface StepJobs {
  jobs: number;
  errors: number;
}

/** Counts finished treatment jobs of an epoch since a moment, starting with the window that contains it. */
export async function countStepJobs(
  db: Queryable,
  feature: string,
  epoch: number,
  since: Date,
): Promise<StepJobs> {
  const counted = await countStepJobsOf(db, [{ feature, epoch, step_started_at: since }]);
  return counted.get(feature) ?? { jobs: 0, errors: 0 };
}

/**
 * Counts step jobs of many features at once; features without any are left out.
 *
 * Windows are read only for the quarter of an hour in which the step began, feature by feature (`offset 0`): a join
 * would read those of all days.
 */
export async function countStepJobsOf(
  db: Queryable,
  steps: readonly Stretch[],
): Promise<Map<string, StepJobs>> {
  const { rows } = await db.query<StepJobs & { feature: string }>(
    `with asked as (
       select *, date_bin('15 minutes', since, 'epoch') + interval '15 minutes' as whole
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     ), parts as (
       select a.feature, b.jobs, b.errors
       from asked a
       join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.whole
       union all
       select a.feature, e.total_jobs, e.error_count
       from asked a
       cross join lateral (
         select w.total_jobs, w.error_count from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm = 'treatment'
           and w.window_start >= date_bin('5 minutes', a.since, 'epoch') and w.window_start < a.whole
         offset 0
       ) e
     )
     select feature, sum(jobs)::float8 as jobs, sum(errors)::float8 as errors from parts group by feature`,
    columnsOf(steps),
  );
  return new Map(rows.map(({ feature, jobs, errors }) => [feature, { jobs, errors }]));
}

/** Returns the columns of stretches, for `unnest`. */
export function columnsOf(steps: readonly Stretch[]): unknown[] {
  return [
    steps.map(({ feature }) => feature),
    steps.map(({ epoch }) => epoch),
    steps.map(({ step_started_at }) => step_started_at),
  ];
}
