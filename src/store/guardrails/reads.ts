import type { MetricRead } from '../../domain/guardrails/metric-read.ts';
import type { Queryable } from '../db/client.ts';

/**
 * Reads how far these features' metrics were read, by feature and metric; metrics that were never queried are left out.
 */
export async function readMetricReads(
  db: Queryable,
  features: readonly string[],
): Promise<Map<string, Map<string, MetricRead>>> {
  if (features.length === 0) return new Map();
  const { rows } = await db.query<MetricRead & { feature: string; metric: string }>(
    `select r.feature_name as feature, r.metric, r.read_until as "readUntil", r.problem, r.failing_since as "failingSince",
       r.retry_at as "retryAt", (
         select o.window_start + interval '5 minutes' from rollout_observations o
         where o.feature_name = r.feature_name and o.metric = r.metric and o.epoch = c.epoch and o.arm = 'treatment'
         order by o.window_start desc limit 1) as "eventsUntil"
     from rollout_metric_reads r join rollout_configuration c on c.feature_name = r.feature_name
     where r.feature_name = any($1::text[])`,
    [features],
  );
  const found = new Map<string, Map<string, MetricRead>>();
  for (const { feature, metric, ...read } of rows) {
    const ofFeature = found.get(feature) ?? new Map<string, MetricRead>();
    found.set(feature, ofFeature.set(metric, read));
  }
  return found;
}

/** Records a successful read up to a moment, or the error of a failed one; without a moment the earlier one stays. */
export async function noteMetricRead(
  db: Queryable,
  {
    feature,
    metric,
    readUntil,
    problem,
    retryAt,
  }: Omit<MetricRead, 'failingSince' | 'eventsUntil'> & { feature: string; metric: string },
): Promise<void> {
  await db.query(
    `insert into rollout_metric_reads as r (feature_name, metric, read_until, problem, failing_since, retry_at)
     values ($1, $2, $3, $4, case when $4::text is not null then clock_timestamp() end, $5)
     on conflict (feature_name, metric) do update set read_until = coalesce(excluded.read_until, r.read_until),
       problem = excluded.problem, retry_at = excluded.retry_at,
       failing_since = case when excluded.problem is not null then coalesce(r.failing_since, excluded.failing_since) end`,
    [feature, metric, readUntil, problem, retryAt],
  );
}
