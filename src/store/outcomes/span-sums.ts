import type { SpanColumns, SpansOfFeature } from '../../domain/report/difference-series.ts';
import type { Queryable } from '../db/client.ts';

/** A time range of a feature whose spans are counted. */
export interface StretchOfSpans {
  feature: string;
  epoch: number;
  since: Date;
  until: Date;
}

/** Maximum days of a stretch; then counting begins anew. */
const LONGEST_DAYS = 14;
/** Approximate limit of rows that one report reads: with more rows per day, stretches are shorter. */
const MOST_ROWS = 1_500_000;
/** Points of a chart. */
const SLOTS = 96;
const WINDOW_SECONDS = 300;

interface Row extends SpanColumns {
  feature: string;
  since: Date;
  every: number;
}

/**
 * Reads spans of both arms over time, starting with the window in which a stretch began: the jobs of one subject in
 * five minutes are one span, which failed by the share of its failed jobs. A long stretch is counted from the beginning
 * of its latest part: the length of parts depends on the number of rows, never on failures.
 */
export async function readSpanSums(
  db: Queryable,
  stretches: readonly StretchOfSpans[],
): Promise<Map<string, SpansOfFeature>> {
  if (stretches.length === 0) return new Map();
  const { rows } = await db.query<Row>(
    `with rows_a_day as (
       select coalesce(sum(greatest(c.reltuples, 0)), 0)::float8
           / greatest(1, extract(epoch from now() - (select min(metrics_window_start) from rollout_metrics)) / 86400) as n
       from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'rollout_metrics'::regclass
     ), part as (
       select 86400 * least($5, greatest(1, floor($6 / greatest(1, n)))) as seconds from rows_a_day
     ), asked as materialized (
       select feature, epoch, until, every,
         since + floor(extract(epoch from until - since) / seconds) * make_interval(secs => seconds) as since
       from (
         select feature, epoch, until, date_bin('5 minutes', begun, 'epoch') as since
         from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::timestamptz[]) a(feature, epoch, begun, until)
       ) a
       cross join part
       cross join lateral (
         select greatest($8, $8 * ceil(mod(extract(epoch from until - since)::numeric, seconds::numeric) / $7 / $8))::float8 as every
       ) slots
     ), spans as (
       select a.feature, a.since, a.every, m.arm, m.category,
         floor(extract(epoch from m.metrics_window_start - a.since) / a.every)::integer as slot,
         sum(m.total_jobs) as jobs, sum(m.error_count) as errors
       from asked a
       join rollout_metrics m on m.feature_name = a.feature and m.epoch = a.epoch
         and m.metrics_window_start >= a.since and m.metrics_window_start < a.until
       where m.arm in ('treatment', 'control')
         and m.metrics_window_start >= (select min(since) from asked)
       group by a.feature, a.since, a.every, m.arm, m.category, m.metrics_window_start, m.subject_id
     ), sums as (
       select feature, since, every, arm, category, slot, count(*) as spans, sum(errors::float8 / jobs) as failed,
         sum(jobs) as jobs
       from spans where jobs > 0 group by 1, 2, 3, 4, 5, 6
     )
     select feature, since, every, arm, category, to_json(array_agg(slot order by slot)) as slot,
       to_json(array_agg(spans order by slot)) as spans, to_json(array_agg(failed order by slot)) as failed,
       to_json(array_agg(jobs order by slot)) as jobs
     from sums group by feature, since, every, arm, category order by feature, category, arm`,
    [
      stretches.map(({ feature }) => feature),
      stretches.map(({ epoch }) => epoch),
      stretches.map(({ since }) => since),
      stretches.map(({ until }) => until),
      ...[LONGEST_DAYS, MOST_ROWS, SLOTS, WINDOW_SECONDS],
    ],
  );
  const found = new Map<string, SpansOfFeature>();
  for (const { feature, since, every, ...columns } of rows) {
    const own = found.get(feature) ?? { since, every, columns: [] };
    own.columns.push(columns);
    found.set(feature, own);
  }
  return found;
}
