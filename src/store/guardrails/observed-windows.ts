import type { ScoreWindow } from '../../domain/score/window.ts';
import { evidenceOf, type FeatureEvidence } from '../../domain/verdict/evidence.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import { LEAST_TIMED } from '../../domain/verdict/young.ts';
import type { Queryable } from '../db/client.ts';
import { windowsOfLines } from '../score/window-lines.ts';
import type { OverLimitRun } from '../score/worst-subjects.ts';

/** Days over which guardrails are judged, as in the score of jobs. */
const DAYS = 7;

/** A guardrail of one epoch of a feature. */
export interface GuardedEpoch {
  feature: string;
  epoch: number;
  epoch_started_at: Date;
  metric: string;
  /** Correlation of events whose subjects are not told apart; null: five minutes count as one span. */
  correlation: number | null;
}

/** A guardrail of one epoch with its windows that had events, and the start of its evidence in seconds since 1970. */
export interface ObservedWindows {
  startedAt: number;
  now: number;
  windows: () => ScoreWindow[];
}

/** An event is complete at once, so a young epoch need not wait for slow ones. */
const AT_ONCE = { timed: LEAST_TIMED, meanSeconds: 0 };

/** k - 1 of the odds multipliers. */
const GAINS = ['0.25::float8', '0.6::float8', '1.5::float8', '4', '19'];

/** SQL of a row's gain; see `gainOfStep` in src/domain/guardrails/correlation.ts. */
function gainOf(odds: string): string {
  return `case when m > 1 then m * f * ln(1 + ${odds}) else ln(1 + ${odds} * f) end`;
}

/**
 * One row of a subject and a window is one span with the bad fraction `f`. Without subjects it is `m` spans, by the
 * definition of `spansOfStep`.
 */
const SPANS = `asked as (
    select a.*, date_bin('5 minutes', now() - make_interval(days => $5), 'epoch') as since
    from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::text[], $6::float8[]) with ordinality
      a(feature, epoch, started, metric, correlation, place)
  ), spans as (
    select a.place, a.feature, a.metric, o.subject_id as subject, o.category, o.arm, o.window_start as at, o.events, o.bad,
      o.bad / o.events::float8 as f, case when a.correlation is not null and o.subject_id = ''
        and floor(o.events / (1 + 4 * a.correlation * (o.events - 1))) >= least(10, o.events / 2.0)
        then greatest(1, floor(o.events / (1 + 4 * a.correlation * (o.events - 1)))) else 1 end as m
    from asked a
    join rollout_observations o on o.feature_name = a.feature and o.metric = a.metric and o.epoch = a.epoch
    where o.arm in ('treatment', 'control') and o.window_start >= a.since and o.events > 0
  )`;

const columnsOf = (asked: readonly GuardedEpoch[], days = DAYS): unknown[] => [
  asked.map(({ feature }) => feature),
  asked.map(({ epoch }) => epoch),
  asked.map((one) => one.epoch_started_at),
  asked.map(({ metric }) => metric),
  days,
  asked.map(({ correlation }) => correlation),
];

/** Reads the score's input for each of these guardrails, by feature and metric; computed on demand. */
export async function readObserved(
  db: Queryable,
  asked: readonly GuardedEpoch[],
): Promise<Map<string, Map<string, () => FeatureEvidence>>> {
  const found = new Map<string, Map<string, () => FeatureEvidence>>();
  for (const { feature, metric, startedAt, now, windows } of await readObservedWindows(db, asked)) {
    const ofFeature = found.get(feature) ?? new Map<string, () => FeatureEvidence>();
    found.set(feature, ofFeature);
    const read = { startedAt, now, durations: AT_ONCE, startsPerControl: null };
    ofFeature.set(metric, () => evidenceOf({ ...read, windows: windows() }));
  }
  return found;
}

/** Reads the windows of each of these guardrails over the last days, seven by default, in the order of the input. */
export async function readObservedWindows(
  db: Queryable,
  asked: readonly GuardedEpoch[],
  days?: number,
): Promise<(GuardedEpoch & ObservedWindows)[]> {
  if (asked.length === 0) return [];
  const both = (expression: (arm: string) => string) => ['treatment', 'control'].map(expression);
  const { rows } = await db.query<{ place: number; started: number; now: number; lines: string | null }>(
    `with ${SPANS}, compared as (
       select s.*, case when s.category = 'test' or s.subject = any(c.target_repositories)
           or s.subject = any(c.denied) then 0 else s.m end as expected
       from spans s join rollout_configuration c on c.feature_name = s.feature
     ), lines as (
       select place, at, category, concat(extract(epoch from at)::bigint, ',',
         coalesce(sum(m) filter (where arm = 'treatment'), 0), ',',
         ${GAINS.map((odds) => `coalesce(sum(${gainOf(odds)}) filter (where f > 0 and arm = 'treatment'), 0), ','`).join(', ')},
         0, ',', coalesce(sum(events) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(events) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(bad) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(ceil(m * f - 1e-9)) filter (where arm = 'treatment' and bad > 0), 0), ',',
         coalesce(sum(events) filter (where arm = 'control'), 0), ',',
         coalesce(sum(bad) filter (where arm = 'control'), 0), ',',
         ${both(
           (arm) => `coalesce(sum(expected) filter (where arm = '${arm}'), 0), ',',
         coalesce(sum(m * f) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(events) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(bad) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(ceil(m * f - 1e-9)) filter (where arm = '${arm}' and expected > 0 and bad > 0), 0), ','`,
         ).join(', ')}, translate(category, E'\\n', ' ')) as line
       from compared group by place, at, category
     )
     select a.place::integer as place, extract(epoch from now())::float8 as now,
       extract(epoch from greatest(a.started, a.since))::float8 as started,
       (select string_agg(l.line, E'\\n' order by l.at, l.category collate "C") from lines l
        where l.place = a.place) as lines
     from asked a order by a.place`,
    columnsOf(asked, days),
  );
  return rows.map(({ place, started, now, lines }) => ({
    ...(asked[place - 1] as GuardedEpoch),
    ...{ startedAt: started, now, windows: () => windowsOfLines(lines ?? '') },
  }));
}

/** Reads the epochs of the last days in which each metric of a feature had events, oldest first. */
export async function readObservedEpochs(
  db: Queryable,
  feature: string,
  metrics: readonly Pick<GuardedEpoch, 'metric' | 'correlation'>[],
  days: number,
): Promise<GuardedEpoch[]> {
  if (metrics.length === 0) return [];
  const { rows } = await db.query<GuardedEpoch>(
    `select o.feature_name as feature, o.metric, a.correlation, o.epoch, min(o.window_start) as epoch_started_at
     from unnest($2::text[], $3::float8[]) a(metric, correlation)
     join rollout_observations o on o.metric = a.metric
     where o.feature_name = $1 and o.window_start >= now() - make_interval(days => $4)
     group by 1, 2, 3, 4 order by 2, 4`,
    [feature, metrics.map(({ metric }) => metric), metrics.map(({ correlation }) => correlation), days],
  );
  return rows;
}

/** Reads the worst subjects of a guardrail's run, like `readWorstSubjects` for jobs. */
export async function readWorstObserved(
  db: Queryable,
  run: OverLimitRun & { metric: string },
): Promise<WorstSubjects> {
  const { rows } = await db.query<{
    subjects: number;
    worst: WorstSubjects['worst'] | null;
    windows: { at: number; spans: number; gain: WorstSubjects['windows'][number]['gain'] }[] | null;
  }>(
    `with ${SPANS}, treated as (
       select * from spans where arm = 'treatment' and ($7::text is null or category = $7)
     ), ranked as (
       select subject, sum(events)::float8 as jobs, sum(bad)::float8 as failed, count(*) filter (where f > 0) as spans_failed,
         row_number() over (order by sum(ln(1 + 4 * f)) desc, sum(bad) desc, subject) as place, count(*) over () as total
       from treated where at >= to_timestamp($8) - interval '15 minutes' group by subject
     ), worst as (
       select * from ranked where place <= case when total < 50 then 1 else ceil(total * 0.02) end and spans_failed >= 3
     ), windows as (
       select at, count(*) as spans,
         array[${GAINS.map((odds) => `coalesce(sum(ln(1 + ${odds} * f)) filter (where f > 0), 0)`).join(', ')}] as gain
       from treated where subject in (select subject from worst) group by at
     )
     select coalesce((select max(r.total) from ranked r), 0)::float8 as subjects,
       (select jsonb_agg(jsonb_build_object('subject', subject, 'jobs', jobs, 'failed', failed) order by place) from worst) as worst,
       (select jsonb_agg(jsonb_build_object('at', extract(epoch from at)::bigint, 'spans', spans, 'gain', gain) order by at)
        from windows) as windows`,
    [...columnsOf([{ ...run, correlation: null }]), run.category, run.since],
  );
  const found = rows[0];
  return {
    subjects: found?.subjects ?? 0,
    worst: found?.worst ?? [],
    windows: (found?.windows ?? []).map(({ at, spans, gain }) => ({ startedAt: at, spans, gain })),
  };
}
