import type { EvidenceRow } from '../domain/health.ts';
import type { SpeedComparison } from '../domain/slowdown.ts';
import type { Queryable } from './client.ts';

/** Older evidence is not read: a score restarts long before. */
const DAYS_READ = 30;

/**
 * The evidence of one epoch by 15 minutes and category.
 *
 * It comes as six columns in one row: thousands of rows of their own take the driver longer than PostgreSQL takes
 * to find them.
 */
export async function readEvidence(db: Queryable, feature: string, epoch: number): Promise<EvidenceRow[]> {
  const { rows } = await db.query<Record<'minutes' | Counted, number[]> & { categories: string[] }>(
    `select coalesce(to_json(array_agg((date_part('epoch', bucket_start) / 60)::integer)), '[]') as minutes,
       to_json(array_agg(category)) as categories, to_json(array_agg(jobs)) as jobs,
       to_json(array_agg(errors)) as errors, to_json(array_agg(control_jobs)) as control_jobs,
       to_json(array_agg(control_errors)) as control_errors
     from rollout_evidence_buckets
     where feature_name = $1 and epoch = $2 and bucket_start >= now() - make_interval(days => $3)`,
    [feature, epoch, DAYS_READ],
  );
  const [columns] = rows;
  if (!columns) return [];
  const at = (column: number[], index: number) => column[index] ?? Number.NaN;
  return columns.minutes.map((minute, index) => ({
    minute,
    category: columns.categories[index] ?? '',
    jobs: at(columns.jobs, index),
    errors: at(columns.errors, index),
    controlJobs: at(columns.control_jobs, index),
    controlErrors: at(columns.control_errors, index),
  }));
}

type Counted = 'jobs' | 'errors' | 'control_jobs' | 'control_errors';

/** Finished treatment jobs of an epoch since a moment, from the window on that it falls into. */
export async function countStepJobs(
  db: Queryable,
  feature: string,
  epoch: number,
  since: Date,
): Promise<{ jobs: number; errors: number }> {
  const { rows } = await db.query<{ jobs: number; errors: number }>(
    `select coalesce(sum(total_jobs), 0)::float8 as jobs, coalesce(sum(error_count), 0)::float8 as errors
     from rollout_evidence
     where feature_name = $1 and epoch = $2 and arm = 'treatment'
       and window_start >= date_bin('5 minutes', $3::timestamptz, 'epoch')`,
    [feature, epoch, since],
  );
  return rows[0] ?? { jobs: 0, errors: 0 };
}

/** Times of this step beside those of control, or of the steps before where control has none. */
export async function readSpeed(
  db: Queryable,
  feature: string,
  epoch: number,
  since: Date,
): Promise<SpeedComparison[]> {
  const { rows } = await db.query<SpeedComparison>(
    `with sums as (
       select processor_type, job_class,
         case when arm = 'control' then 'control'
           when window_start >= date_bin('5 minutes', $3::timestamptz, 'epoch') then 'now' else 'before' end as side,
         sum(timed_jobs)::float8 as jobs, sum(processing_ms) as ms
       from rollout_evidence
       where feature_name = $1 and epoch = $2 and arm in ('treatment', 'control') and timed_jobs > 0
       group by 1, 2, 3
     )
     select n.processor_type as processor, n.job_class, n.jobs, n.ms / n.jobs as mean_ms,
       b.jobs as baseline_jobs, b.ms / b.jobs as baseline_ms, b.side as baseline
     from sums n
     join lateral (
       select * from sums s where s.processor_type = n.processor_type and s.job_class = n.job_class
         and s.side in ('control', 'before') order by s.side desc limit 1
     ) b on true
     where n.side = 'now'
     order by 1, 2`,
    [feature, epoch, since],
  );
  return rows;
}
