import type { ScoreWindow } from '../../domain/score/window.ts';
import { evidenceOf, type FeatureEvidence, type Windows } from '../../domain/verdict/evidence.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import type { Durations } from '../../domain/verdict/young.ts';
import type { Queryable } from '../db/client.ts';
import { DAYS_READ, type Epoch } from './evidence.ts';
import { windowsOfLines } from './slice-lines.ts';

/**
 * Days of which the score reads: as long as the routing of a job that ended is remembered. Beyond that failures that
 * ended in seconds would stand alone in the windows in which they began.
 */
const SCORE_DAYS = 7;

/** An epoch and when it began. */
export interface Lifetime extends Epoch {
  epoch_started_at: Date;
}

/**
 * The evidence of the score of many features, one epoch each. It is made when it is asked for: that of a hundred
 * features at once costs more to keep than to make.
 *
 * Spans are approximated by windows of five minutes, which is what is kept of a subject, and slices by one or three
 * of them. A job counts in the window in which it ended, and in the one in which it was routed as well, as not failed,
 * as long as its routing is remembered.
 */
export async function slicesOf(
  db: Queryable,
  asked: readonly Lifetime[],
): Promise<Map<string, () => FeatureEvidence>> {
  const read = await readWindows(db, asked, SCORE_DAYS);
  return new Map([...read].map(([feature, windows]) => [feature, () => evidenceOf(windows())]));
}

/** The same before slices are made of it, of the last so many days. */
export async function readWindows(
  db: Queryable,
  asked: readonly Lifetime[],
  days = DAYS_READ,
): Promise<Map<string, () => Windows>> {
  if (asked.length === 0) return new Map();
  const lines = await readLines(db, asked, days);
  const times = await readDurations(db, asked);
  const { rows } = await db.query<{
    feature: string;
    started: number;
    now: number;
    starts: number | null;
    timeless: boolean;
  }>(
    `select a.feature, extract(epoch from now())::float8 as now,
       extract(epoch from greatest(a.started, date_bin('5 minutes', now() - make_interval(hours => 24 * $3), 'epoch')))::float8
         as started,
       case when c.rollout_strategy = 'percentage' and c.categories is null and c.rollout_percentage < 100
         then (c.rollout_percentage / (100 - c.rollout_percentage))::float8 end as starts,
       not exists (select from rollout_evidence_hours h where h.feature_name = a.feature and h.timed_jobs > 0) as timeless
     from unnest($1::text[], $2::timestamptz[]) a(feature, started)
     left join rollout_configuration c on c.feature_name = a.feature`,
    [asked.map(({ feature }) => feature), asked.map((one) => one.epoch_started_at), days],
  );
  return new Map(
    rows.map(({ feature, started, now, starts, timeless }) => [
      feature,
      () => ({
        startedAt: started,
        now,
        windows: windowsOfLines(lines.get(feature) ?? ''),
        durations: times.get(feature) ?? { timed: 0, meanSeconds: 0 },
        startsPerControl: starts,
        timeless,
      }),
    ]),
  );
}

/** What is asked for: features, epochs, their beginnings and days. */
const ASKED = `asked as (
    select a.*, date_bin('5 minutes', now() - make_interval(hours => 24 * $4), 'epoch') as since
    from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, started)
  ), barred as (
    select q.feature_name as feature, q.subject_id as subject, max(coalesce(q.ended_at, 'infinity')) as until
    from rollout_quarantine q where q.feature_name = any ($1) group by 1, 2
  )`;

/**
 * The jobs of each subject in each window of five minutes: those that ended in it, and those that were routed in it; of
 * subjects in quarantine those in treatment are as if they had never been, also after a person released them: what they
 * were put in for does not put them in again. A reported job that is tried again is not a routed one.
 */
const SPANS = `ended as (
    select a.feature, m.subject_id as subject, m.category, m.arm, m.metrics_window_start as at,
      0 as begun, m.total_jobs as finished, m.error_count as failed
    from asked a
    join rollout_metrics m on m.feature_name = a.feature and m.epoch = a.epoch
    left join barred b on b.feature = a.feature and b.subject = m.subject_id
    where m.arm in ('treatment', 'control') and m.metrics_window_start >= a.since
      and (m.arm = 'control' or b.until is null or m.metrics_window_start >= b.until)
  ), begun as (
    select a.feature, case when k.by_subject = 'full' or n.subject_id is not null then j.subject_id
        else rollout_subject_group(j.subject_id) end as subject,
      j.category, j.arm, date_bin('5 minutes', j.routed_at, 'epoch') as at, count(*) as begun, 0 as finished, 0 as failed
    from asked a
    cross join (select coalesce(outcomes ->> 'by_subject', 'full') as by_subject from rollout_state) k
    join rollout_jobs j on j.feature_name = a.feature and j.epoch = a.epoch
    left join rollout_named_subjects n on k.by_subject = 'top' and n.feature_name = j.feature_name
      and n.subject_id = j.subject_id and n.named_from <= date_bin('5 minutes', j.routed_at, 'epoch')
    left join barred b on b.feature = a.feature and b.subject = j.subject_id
    where j.arm in ('treatment', 'control') and j.routed_at >= a.since and position(chr(31) in j.id) = 0
      and (j.arm = 'control' or b.until is null or date_bin('5 minutes', j.routed_at, 'epoch') >= b.until)
    group by 1, 2, 3, 4, 5
  ), spans as (
    select s.feature, s.subject, s.arm, s.at, max(s.category) as category, sum(s.begun) as begun,
      greatest(sum(s.begun), sum(s.finished)) as jobs, sum(s.finished) as finished, sum(s.failed) as failed,
      (sum(s.failed) / greatest(sum(s.begun), sum(s.finished)))::float8 as f
    from (select * from ended union all select * from begun) s
    group by 1, 2, 3, 4
  )`;

/** Sums of ln(1 + (k - 1) f), one expression for each odds multiplier k. */
const gains = (filter: string) =>
  ['0.25::float8', '0.6::float8', '1.5::float8', '4', '19'].map(
    (odds) => `coalesce(sum(ln(1 + ${odds} * f)) filter (where ${filter}), 0)`,
  );

const columnsOf = (asked: readonly Lifetime[], days: number): unknown[] => [
  asked.map(({ feature }) => feature),
  asked.map(({ epoch }) => epoch),
  asked.map((one) => one.epoch_started_at),
  days,
];

/**
 * One text of lines for each feature: tens of thousands of rows of their own take the driver longer than PostgreSQL
 * takes to find them. Expected of a subject is its own share of failures in control of earlier epochs, drawn towards
 * that of all subjects (`expectedShare`), as a multiple of the latter.
 */
async function readLines(
  db: Queryable,
  asked: readonly Lifetime[],
  days: number,
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ feature: string; lines: string }>(
    `with ${ASKED}, ${SPANS}, past as materialized (
       select a.feature, m.subject_id as subject, sum(m.total_jobs)::float8 as jobs, sum(m.error_count)::float8 as failed
       from asked a
       join rollout_metrics m on m.feature_name = a.feature and m.epoch < a.epoch and m.arm = 'control'
       where m.metrics_window_start >= a.since - make_interval(hours => 24 * $4) and m.metrics_window_start < a.started
       group by 1, 2
     ), means as (
       select feature, sum(failed) / sum(jobs) as mean from past group by 1 having sum(failed) > 0
     ), compared as (
       select s.*, case when s.category = 'test' or s.subject = any(c.target_repositories)
             or s.subject = any(c.denied) or (c.denied <> '{}' and exists (
               select from repository_categories r
               where r.repository_id = s.subject and lower(r.full_name) = any(c.denied))) then 0
           when n.mean is null then 1
           else (coalesce(p.failed, 0) + 9 * n.mean) / (coalesce(p.jobs, 0) + 9) / n.mean end as expected
       from spans s
       join rollout_configuration c on c.feature_name = s.feature
       left join means n on n.feature = s.feature
       left join past p on p.feature = s.feature and p.subject = s.subject
       where s.jobs > 0
     ), lines as (
       select feature, at, category, concat(extract(epoch from at)::bigint, ',',
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
       from compared group by feature, at, category
     )
     select feature, string_agg(line, E'\\n' order by at, category collate "C") as lines from lines group by feature`,
    columnsOf(asked, days),
  );
  return new Map(rows.map(({ feature, lines }) => [feature, lines]));
}

/**
 * How long jobs take, of the slowest processor of which 30 are timed: those of control and of earlier epochs, or, where
 * these are fewer, all of them.
 */
async function readDurations(db: Queryable, asked: readonly Epoch[]): Promise<Map<string, Durations>> {
  const { rows } = await db.query<{ feature: string; timed: number; seconds: number }>(
    `with sums as (
       select a.feature, h.processor_type, h.epoch = a.epoch and h.arm = 'treatment' as own,
         sum(h.timed_jobs)::float8 as timed, sum(h.processing_ms) as ms
       from unnest($1::text[], $2::integer[]) a(feature, epoch)
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch <= a.epoch
       where h.hour_start >= now() - make_interval(hours => 24 * $3)
       group by 1, 2, 3
     ), chosen as (
       select feature, processor_type,
         case when sum(timed) filter (where not own) >= 30 then sum(timed) filter (where not own) else sum(timed) end as timed,
         case when sum(timed) filter (where not own) >= 30 then sum(ms) filter (where not own) else sum(ms) end as ms
       from sums group by 1, 2
     )
     select distinct on (feature) feature, timed, ms / timed / 1000 as seconds
     from chosen where timed >= 30 order by feature, ms / timed desc`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch), DAYS_READ],
  );
  return new Map(rows.map(({ feature, timed, seconds }) => [feature, { timed, meanSeconds: seconds }]));
}

/** A run that is over its limit. */
export interface OverLimitRun extends Lifetime {
  /** Null: all categories. */
  category: string | null;
  /** Seconds since 1970. */
  since: number;
}

/**
 * The subjects that failed most in a run, and what they add up to in all its evidence: one of them, and of fifty and
 * more the worst 2%. One that failed in fewer than three spans is not to blame: of a thousand subjects with a job each
 * the worst 2% are those whose job failed.
 */
export async function readWorstSubjects(db: Queryable, run: OverLimitRun): Promise<WorstSubjects> {
  const { rows } = await db.query<{
    subjects: number;
    worst: { subject: string; jobs: number; failed: number }[] | null;
    windows: { at: number; spans: number; gain: ScoreWindow['gain'] }[] | null;
  }>(
    `with ${ASKED}, ${SPANS}, treated as (
       select * from spans where arm = 'treatment' and jobs > 0 and ($5::text is null or category = $5)
     ), ranked as (
       select subject, sum(finished)::float8 as jobs, sum(failed)::float8 as failed,
         count(*) filter (where f > 0) as spans_failed,
         row_number() over (order by sum(ln(1 + 4 * f)) desc, sum(failed) desc, subject) as place, count(*) over () as total
       from treated where at >= to_timestamp($6) - interval '15 minutes' group by subject
     ), worst as (
       select * from ranked where place <= case when total < 50 then 1 else ceil(total * 0.02) end and spans_failed >= 3
     ), windows as (
       select at, count(*) as spans, array[${gains('f > 0').join(', ')}] as gain
       from treated where subject in (select subject from worst) group by at
     )
     select coalesce((select max(r.total) from ranked r), 0)::float8 as subjects,
       (select jsonb_agg(jsonb_build_object('subject', subject, 'jobs', jobs, 'failed', failed) order by place) from worst) as worst,
       (select jsonb_agg(jsonb_build_object('at', extract(epoch from at)::bigint, 'spans', spans, 'gain', gain) order by at)
        from windows) as windows`,
    [...columnsOf([run], SCORE_DAYS), run.category, run.since],
  );
  const found = rows[0];
  return {
    subjects: found?.subjects ?? 0,
    worst: found?.worst ?? [],
    windows: (found?.windows ?? []).map(({ at, spans, gain }) => ({ startedAt: at, spans, gain })),
  };
}
