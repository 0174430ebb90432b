import { evidenceOf, type FeatureEvidence, type Windows } from '../../domain/verdict/evidence.ts';
import type { Durations } from '../../domain/verdict/young.ts';
import type { Queryable } from '../db/client.ts';
import { DAYS_READ, type Epoch } from '../health/evidence.ts';
import { readCheckpoints, resumedFrom, type StandingCheckpoint } from './checkpoints.ts';
import { readLines } from './kept-windows.ts';
import { firstOf, type Lifetime } from './spans.ts';
import { windowsOfLines } from './window-lines.ts';

/**
 * Days that the score reads: as long as the routing of an ended job is stored. Beyond that, failures that ended in
 * seconds would stand alone in the windows in which they began.
 */
export const SCORE_DAYS = 7;

/**
 * Reads the score's evidence of many features, one epoch each. Computed on demand: keeping the evidence of a hundred
 * features at once costs more than computing it.
 *
 * Spans are approximated by windows of five minutes, which is the stored precision per subject, and slices by one or
 * three of them. A job counts in the window in which it ended, and, as long as its routing is stored, also as not
 * failed in the window in which it was routed.
 */
export async function slicesOf(
  db: Queryable,
  asked: readonly Lifetime[],
): Promise<Map<string, () => FeatureEvidence>> {
  const read = await readWindows(db, asked, SCORE_DAYS);
  return new Map([...read].map(([feature, windows]) => [feature, () => evidenceOf(windows())]));
}

/** Windows since the checkpoint, built at each call, and what the next checkpoint is stored with. */
export interface ResumedWindows {
  windows: () => Windows;
  standing: StandingCheckpoint;
}

/** Reads the windows of the score since the checkpoint of each epoch; all of them where there is none that holds. */
export async function readResumedWindows(
  db: Queryable,
  asked: readonly Lifetime[],
): Promise<Map<string, ResumedWindows>> {
  const standing = await readCheckpoints(db, asked, SCORE_DAYS);
  const read = await readWindows(db, resumedFrom(asked, standing), SCORE_DAYS);
  return new Map(
    [...standing].flatMap(([feature, one]) => {
      const windows = read.get(feature);
      if (!windows) return [];
      const { checkpoint } = one;
      return [
        [feature, { windows: () => ({ ...windows(), checkpoint: checkpoint?.() ?? null }), standing: one }],
      ];
    }),
  );
}

/** Reads the windows of the last days, from which slices are made. */
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
       extract(epoch from greatest(a.started, ${firstOf('$3')}))::float8 as started,
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

/**
 * Reads durations of successes, of the slowest processor with five timed ones: of control and of earlier epochs, or of
 * all if these are too few. Stored durations include failures; dividing their sum by the successes alone overestimates,
 * which is intended: failures that end in seconds must not make successes look fast.
 */
async function readDurations(db: Queryable, asked: readonly Epoch[]): Promise<Map<string, Durations>> {
  const { rows } = await db.query<{ feature: string; timed: number; seconds: number }>(
    `with sums as (
       select a.feature, h.processor_type, h.epoch = a.epoch and h.arm = 'treatment' as own, sum(h.processing_ms) as ms,
         least(sum(h.timed_jobs), sum(h.total_jobs - h.error_count))::float8 as timed
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
     from chosen where timed >= 5 order by feature, ms / timed desc`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch), DAYS_READ],
  );
  return new Map(rows.map(({ feature, timed, seconds }) => [feature, { timed, meanSeconds: seconds }]));
}
