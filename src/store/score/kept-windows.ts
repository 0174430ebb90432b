import type { Queryable } from '../db/client.ts';
import { readResumed } from './checkpoints.ts';
import { ASKED, columnsOf, gains, type Lifetime, SPANS, STALE } from './spans.ts';

/** Days of control before an epoch that subjects are compared with. */
const DAYS_BEFORE = 7;

/**
 * SQL for each subject's failure share in control before its epoch: stored values, otherwise computed ones. Rows are
 * read once for all epochs without stored values.
 */
const PASTS = `unknown as materialized (
    select a.* from asked a
    where not exists (select from rollout_pasts k where k.feature_name = a.feature and k.epoch = a.epoch)
  ), found as materialized (
    select u.feature, u.epoch, m.subject_id as subject, sum(m.total_jobs)::bigint as jobs, sum(m.error_count)::bigint as failed
    from (select min(started) - interval '${DAYS_BEFORE} days' as first, max(started) as last from unknown) t
    cross join lateral (
      select * from rollout_metrics r
      where r.metrics_window_start >= t.first and r.metrics_window_start < t.last and r.arm = 'control'
      offset 0
    ) m
    join unknown u on u.feature = m.feature_name and m.epoch < u.epoch and m.metrics_window_start < u.started
      and m.metrics_window_start >= u.started - interval '${DAYS_BEFORE} days'
    group by 1, 2, 3
  )`;

/**
 * SQL for the windows of stale quarters of an hour as text, a line per category: seconds since the quarter began, and
 * then the input of `windowsOfLines`. A subject's expectation is its own failure share in control of earlier epochs,
 * drawn towards that of all subjects (`expectedShare`), as a multiple of the latter.
 */
const FRESH = `${ASKED}, ${STALE}, ${SPANS}, ${PASTS}, means as materialized (
    select a.feature, k.mean from asked a
    join rollout_pasts k on k.feature_name = a.feature and k.epoch = a.epoch where k.mean > 0
    union all
    select feature, (sum(failed) / sum(jobs))::float8 from found group by 1 having sum(failed) > 0
  ), compared as (
    select s.*, case when s.category = 'test' or s.subject = any(c.target_repositories)
          or s.subject = any(c.denied) or (c.denied <> '{}' and exists (
            select from repository_categories r
            where r.repository_id = s.subject and lower(r.full_name) = any(c.denied))) then 0
        when n.mean is null then 1
        else (coalesce(p.failed, q.failed, 0) + 9 * n.mean) / (coalesce(p.jobs, q.jobs, 0) + 9) / n.mean end as expected
    from spans s
    join rollout_configuration c on c.feature_name = s.feature
    left join means n on n.feature = s.feature
    -- By one key: of two the planner may merge by the first, and compare all subjects of a feature with each other.
    left join found p on (p.feature || chr(31) || p.subject) = (s.feature || chr(31) || s.subject)
    left join lateral (
      select k.jobs, k.failed from rollout_past_subjects k
      where n.mean is not null and k.feature_name = s.feature and k.epoch = s.epoch and k.subject_id = s.subject offset 0
    ) q on true
    where s.jobs > 0
  ), lines as (
    select feature, bucket_start, at, category, concat(extract(epoch from at - bucket_start)::integer, ',',
      count(*) filter (where arm = 'treatment'), ',', ${gains("f > 0 and arm = 'treatment'").join(", ',', ")}, ',',
      ${['begun', 'jobs', 'finished', 'failed']
        .map((column) => `coalesce(sum(${column}) filter (where arm = 'treatment'), 0)`)
        .join(", ',', ")}, ',',
      count(*) filter (where arm = 'treatment' and failed > 0), ',',
      coalesce(sum(finished) filter (where arm = 'control'), 0), ',',
      coalesce(sum(failed) filter (where arm = 'control'), 0), ',',
      ${['treatment', 'control']
        .map(
          (arm) => `coalesce(sum(expected) filter (where arm = '${arm}'), 0), ',',
      coalesce(sum(f) filter (where arm = '${arm}' and expected > 0), 0), ',',
      coalesce(sum(finished) filter (where arm = '${arm}' and expected > 0), 0), ',',
      coalesce(sum(failed) filter (where arm = '${arm}' and expected > 0), 0), ',',
      count(*) filter (where arm = '${arm}' and expected > 0 and failed > 0)`,
        )
        .join(", ',', ")}, ',', translate(category, E'\\n', ' ')) as line
    from compared group by feature, bucket_start, at, category
  ), fresh as (
    select feature, bucket_start, string_agg(line, E'\\n' order by at, category collate "C") as lines
    from lines group by 1, 2
  )`;

/**
 * Reads the windows of the last days as one text per feature, because the driver takes longer for tens of thousands of
 * rows than PostgreSQL takes to find them. Stored windows are read; only changed ones are computed from outcomes by
 * subject.
 */
export async function readLines(
  db: Queryable,
  asked: readonly Lifetime[],
  days: number,
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ feature: string; lines: string }>(
    `with ${FRESH}
     select feature, string_agg(concat('#', extract(epoch from bucket_start)::bigint, E'\\n', lines), E'\\n'
       order by bucket_start) as lines
     from (
       select feature, bucket_start, lines from fresh
       union all
       select p.feature, p.bucket_start, k.lines from compared_with_kept p
       join rollout_score_windows k on k.feature_name = p.feature and k.epoch = p.epoch and k.bucket_start = p.bucket_start
       where p.is_kept and k.lines <> ''
     ) quarters
     group by feature`,
    columnsOf(asked, days),
  );
  return new Map(rows.map(({ feature, lines }) => [feature, lines]));
}

/**
 * Stores the windows of these epochs since their checkpoints, which every later reading would otherwise compute from
 * outcomes by subject.
 */
export async function keepWindows(db: Queryable, epochs: readonly Lifetime[], days: number): Promise<void> {
  if (epochs.length === 0) return;
  const asked = await readResumed(db, epochs, days);
  await db.query(
    `with ${ASKED}, ${PASTS}, subjects as (
       insert into rollout_past_subjects (feature_name, epoch, subject_id, jobs, failed)
       select f.feature, f.epoch, f.subject, f.jobs, f.failed from found f
       where exists (select from found n where n.feature = f.feature and n.failed > 0)
       on conflict do nothing
     )
     insert into rollout_pasts (feature_name, epoch, mean)
     select u.feature, u.epoch, coalesce((select (sum(f.failed) / sum(f.jobs))::float8 from found f where f.feature = u.feature), 0)
     from unknown u
     on conflict do nothing`,
    columnsOf(asked, days),
  );
  await db.query(
    `with ${FRESH}
     insert into rollout_score_windows as k
       (feature_name, epoch, bucket_start, basis, jobs, errors, control_jobs, control_errors, opened, lines)
     select s.feature, s.epoch, s.bucket_start, s.basis, s.jobs, s.errors, s.control_jobs, s.control_errors, s.opened,
       coalesce(f.lines, '')
     from stale s left join fresh f on f.feature = s.feature and f.bucket_start = s.bucket_start
     order by s.feature, s.epoch, s.bucket_start
     on conflict (feature_name, epoch, bucket_start) do update set basis = excluded.basis, jobs = excluded.jobs,
       errors = excluded.errors, control_jobs = excluded.control_jobs, control_errors = excluded.control_errors,
       opened = excluded.opened, lines = excluded.lines`,
    columnsOf(asked, days),
  );
}
