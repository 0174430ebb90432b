import type { StepCount } from '../../domain/guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../../domain/guardrails/metric-read.ts';
import { plainArray, textArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';
import { named, persistently } from '../outcomes/outcomes.ts';

/** One step of a metric that an engine has; `at` is its end, in seconds since 1970. */
export interface RecordedStep {
  feature: string;
  metric: string;
  epoch: number;
  at: number;
  counts: readonly Omit<StepCount, 'at'>[];
}

/**
 * Records what an engine has of one step. Of a step that was recorded before only what is new is added, so a lost answer is
 * asked for again.
 */
export async function recordStep(
  db: Queryable,
  { feature, metric, epoch, at, counts }: RecordedStep,
): Promise<void> {
  await persistently(() =>
    named(() =>
      db.query('select rollout_record_step($1, $2, $3, to_timestamp($4), $5, $6, $7, $8)', [
        ...[feature, metric, epoch],
        // In the window that is the step.
        at - STEP_SECONDS / 2,
        textArray(counts.map(({ subject }) => subject)),
        textArray(counts.map(({ arm }) => arm)),
        plainArray(counts.map(({ events }) => events)),
        plainArray(counts.map(({ bad }) => bad)),
      ]),
    ),
  );
}

/** How many events and bad ones are recorded, as one text: of a step, of one arm. */
export type StepSum = `${number} ${'treatment' | 'control'}`;

/** The events of the steps of an epoch that begin at a moment or later, by the end of the step and the arm. */
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
