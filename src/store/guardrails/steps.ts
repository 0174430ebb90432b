import type { StepCount } from '../../domain/guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../../domain/guardrails/metric-read.ts';
import { plainArray, textArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';
import { named, persistently } from '../outcomes/outcomes.ts';

/** One step of an engine metric; `at` is its end, in seconds since 1970. */
export interface RecordedStep {
  feature: string;
  metric: string;
  epoch: number;
  at: number;
  counts: readonly Omit<StepCount, 'at'>[];
}

/**
 * Records an engine's counts of one step. For a step that was recorded before only the increase is added, so the call
 * may be repeated after a lost answer.
 */
export async function recordStep(
  db: Queryable,
  { feature, metric, epoch, at, counts }: RecordedStep,
): Promise<void> {
  await persistently(() =>
    named(() =>
      db.query('select rollout_record_step($1, $2, $3, to_timestamp($4), $5, $6, $7, $8)', [
        ...[feature, metric, epoch],
        // A moment inside the window of the step.
        at - STEP_SECONDS / 2,
        textArray(counts.map(({ subject }) => subject)),
        textArray(counts.map(({ arm }) => arm)),
        plainArray(counts.map(({ events }) => events)),
        plainArray(counts.map(({ bad }) => bad)),
      ]),
    ),
  );
}

/** Counts of events and bad ones of one step and arm, as one text. */
export type StepSum = `${number} ${'treatment' | 'control'}`;

/**
 * Reads the recorded events of an epoch's steps that begin at a moment or later, by the end of the step and the arm.
 */
export async function readStepSums(
  db: Queryable,
  { feature, metric, epoch, from }: { feature: string; metric: string; epoch: number; from: number },
): Promise<Map<StepSum, { events: number; bad: number }>> {
  const { rows } = await db.query<{ step: StepSum; events: number; bad: number }>(
    `select concat(extract(epoch from window_start)::bigint + $5, ' ', arm) as step, sum(events)::float8 as events,
       sum(bad)::float8 as bad
     from rollout_observations
     where feature_name = $1 and metric = $2 and epoch = $3 and window_start >= to_timestamp($4) group by window_start, arm`,
    [feature, metric, epoch, from, STEP_SECONDS],
  );
  return new Map(rows.map(({ step, events, bad }) => [step, { events, bad }]));
}
