import type { Epoch } from '../health/evidence.ts';

/** An epoch, and when it began. */
export interface Lifetime extends Epoch {
  epoch_started_at: Date;
  /** Only evidence from this moment on is read. Left out or null: all evidence of the epoch. */
  resumed_at?: Date | null;
}

/** Returns the parameter values of `ASKED`. */
export const columnsOf = (asked: readonly Lifetime[], days: number): unknown[] => [
  asked.map(({ feature }) => feature),
  asked.map(({ epoch }) => epoch),
  asked.map((one) => one.epoch_started_at),
  days,
  asked.map((one) => one.resumed_at ?? null),
];

/**
 * SQL for the beginning of the days that are read: midnight UTC, so that a checkpoint holds for a day. As many days as
 * parameter `$n` says, or up to one less.
 */
export const firstOf = (parameter: `$${number}`) =>
  `(date_bin('1 day', now() - make_interval(hours => 24 * ${parameter}), 'epoch') + interval '1 day')`;

/**
 * SQL for the requested features, epochs, their beginnings and days. `basis` is a digest of everything besides outcomes
 * on which a window depends: lists and quarantine.
 */
export const ASKED = `barred as (
    select q.feature_name as feature, q.subject_id as subject, max(coalesce(q.ended_at, 'infinity')) as until
    from rollout_quarantine q where q.feature_name = any ($1) group by 1, 2
  ), asked as materialized (
    select a.feature, a.epoch, a.started, greatest(a.resumed, ${firstOf('$4')}) as since,
      md5(jsonb_build_array(c.target_repositories, c.denied, (
        select jsonb_agg(jsonb_build_array(b.subject, extract(epoch from nullif(b.until, 'infinity'))) order by b.subject)
        from barred b where b.feature = a.feature))::text) as basis
    from unnest($1::text[], $2::integer[], $3::timestamptz[], $5::timestamptz[]) a(feature, epoch, started, resumed)
    left join rollout_configuration c on c.feature_name = a.feature
  )`;

/**
 * SQL for the quarters of an hour with evidence, and the stale ones among them. Counts only grow, so a stored quarter
 * with unchanged counts is current.
 */
export const STALE = `present as materialized (
    select e.feature, e.epoch, e.basis, e.bucket_start, sum(e.jobs)::bigint as jobs, sum(e.errors)::bigint as errors,
      sum(e.control_jobs)::bigint as control_jobs, sum(e.control_errors)::bigint as control_errors,
      sum(e.opened)::bigint as opened
    from (
      select a.feature, a.epoch, a.basis, b.bucket_start, b.jobs, b.errors, b.control_jobs, b.control_errors, 0 as opened
      from asked a
      join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.since
      union all
      select a.feature, a.epoch, a.basis, o.bucket_start, 0, 0, 0, 0, o.jobs
      from asked a
      join rollout_opened_jobs o on o.feature_name = a.feature and o.epoch = a.epoch and o.bucket_start >= a.since
    ) e
    group by 1, 2, 3, 4
  ), compared_with_kept as materialized (
    -- No anti-join: of that the planner expects a single row, and then scans whatever is joined to it row by row.
    select p.*, (k.basis, k.jobs, k.errors, k.control_jobs, k.control_errors, k.opened)
      is not distinct from (p.basis, p.jobs, p.errors, p.control_jobs, p.control_errors, p.opened) as is_kept
    from present p
    left join rollout_score_windows k on k.feature_name = p.feature and k.epoch = p.epoch and k.bucket_start = p.bucket_start
  ), stale as materialized (
    select * from compared_with_kept where not is_kept
  )`;

/** SQL that treats all requested evidence as stale. */
export const ALL_STALE = `stale as materialized (
    select a.feature, a.epoch, b.bucket_start from asked a
    join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.since
    union
    select a.feature, a.epoch, o.bucket_start from asked a
    join rollout_opened_jobs o on o.feature_name = a.feature and o.epoch = a.epoch and o.bucket_start >= a.since
  )`;

/**
 * SQL: is the subject of a routed job `j` stored by its id? Decided like the jobs that ended in that window (`ways` w),
 * which are the same span: the way in which outcomes are stored may have changed since, and names are forgotten.
 * Without such jobs, decided by the present setting (`keeping` k).
 */
const KEPT_BY_ID = `case when k.whole then true
        when n.subject_id is not null and (k.by_subject = 'top' or w.by_id) then true
        when not coalesce(w.unnamed or w.grouped, false) then k.by_subject = 'full'
        when not w.grouped then true
        else w.by_id and exists (select from rollout_metrics m where m.feature_name = j.feature_name and m.epoch = j.epoch
          and m.subject_id = j.subject_id and m.metrics_window_start = w.at and m.processor_type <> 'pilot') end`;

/**
 * SQL for each subject's jobs in each five-minute window of the stale quarters of an hour: those that ended in it, and
 * those that were routed in it. Treatment jobs of subjects in quarantine are ignored, also after a person released
 * them: otherwise their old failures would put them in again. A reported job that is retried is not a routed one.
 *
 * The rows of each moment are read once for all features, because their key begins with the moment (`offset 0`). A job
 * that was routed in a quarter of an hour ended after it began, or still runs.
 */
export const SPANS = `moments as materialized (
    select distinct bucket_start from stale
  ), ended as (
    select s.feature, s.epoch, m.subject_id as subject, m.category, m.arm, m.metrics_window_start as at, s.bucket_start,
      0 as begun, m.total_jobs as finished, m.error_count as failed
    from (
      select t.bucket_start, r.* from moments t
      cross join lateral (
        select * from rollout_metrics w
        where w.metrics_window_start >= t.bucket_start and w.metrics_window_start < t.bucket_start + interval '15 minutes'
          and w.arm in ('treatment', 'control')
        offset 0
      ) r
      offset 0
    ) m
    join stale s on s.bucket_start = m.bucket_start and s.feature = m.feature_name and s.epoch = m.epoch
    left join barred b on b.feature = s.feature and b.subject = m.subject_id
    where m.arm = 'control' or b.until is null or m.metrics_window_start >= b.until
  ), routed as (
    select * from rollout_jobs j
    where j.state = 'open' and j.routed_at >= (select min(bucket_start) from stale)
    union all
    -- Between two moments: for one alone the planner would rather read all jobs.
    select * from rollout_jobs j
    where j.state <> 'open' and j.ended_at between (select min(bucket_start) from stale) and now() + interval '1 day'
  ), keeping as materialized (
    select by_subject, by_subject = 'full'
        and coalesce(subjects_whole_since <= (select min(bucket_start) from stale), true) as whole
    from rollout_state cross join lateral (select coalesce(outcomes ->> 'by_subject', 'full') as by_subject) o
  ), ways as materialized (
    select m.feature_name as feature, m.epoch, m.metrics_window_start as at, bool_or(not m.grouped) as by_id,
      bool_or(m.grouped) as grouped, bool_or(not m.grouped and n.subject_id is null) as unnamed
    from moments t
    cross join lateral (
      select w.*, position(chr(31) in w.subject_id) > 0 as grouped from rollout_metrics w
      where w.metrics_window_start >= t.bucket_start and w.metrics_window_start < t.bucket_start + interval '15 minutes'
        and w.feature_name = any ($1) and w.processor_type <> 'pilot'
      offset 0
    ) m
    left join rollout_named_subjects n on n.feature_name = m.feature_name and n.subject_id = m.subject_id
    where not (select whole from keeping)
    group by 1, 2, 3
  ), begun as (
    select s.feature, s.epoch, case when ${KEPT_BY_ID} then j.subject_id
        else rollout_subject_group(j.subject_id, j.category) end as subject,
      j.category, j.arm, date_bin('5 minutes', j.routed_at, 'epoch') as at, s.bucket_start, count(*) as begun,
      0 as finished, 0 as failed
    from routed j
    join stale s on s.feature = j.feature_name and s.epoch = j.epoch
      and s.bucket_start = date_bin('15 minutes', j.routed_at, 'epoch')
    cross join keeping k
    left join ways w on w.feature = s.feature and w.epoch = s.epoch and w.at = date_bin('5 minutes', j.routed_at, 'epoch')
    left join rollout_named_subjects n on not k.whole and n.feature_name = j.feature_name
      and n.subject_id = j.subject_id and n.named_from <= date_bin('5 minutes', j.routed_at, 'epoch')
    left join barred b on b.feature = s.feature and b.subject = j.subject_id
    where j.arm in ('treatment', 'control') and position(chr(31) in j.id) = 0
      and (j.arm = 'control' or b.until is null or date_bin('5 minutes', j.routed_at, 'epoch') >= b.until)
    group by 1, 2, 3, 4, 5, 6, 7
  ), spans as (
    select s.feature, s.epoch, s.subject, s.arm, s.at, s.bucket_start, max(s.category) as category, sum(s.begun) as begun,
      greatest(sum(s.begun), sum(s.finished)) as jobs, sum(s.finished) as finished, sum(s.failed) as failed,
      (sum(s.failed) / greatest(sum(s.begun), sum(s.finished)))::float8 as f
    from (select * from ended union all select * from begun) s
    group by 1, 2, 3, 4, 5, 6
  )`;

/** SQL for sums of ln(1 + (k - 1) f), one expression for each odds multiplier k. */
export const gains = (filter: string) =>
  ['0.25::float8', '0.6::float8', '1.5::float8', '4', '19'].map(
    (odds) => `coalesce(sum(ln(1 + ${odds} * f)) filter (where ${filter}), 0)`,
  );
