import {
  type ArmAnswer,
  queryFor,
  type StepCount,
  stepCounts,
} from '../../domain/guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../../domain/guardrails/metric-read.ts';
import type { MetricQuery } from '../../domain/spec/spec.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';

/** Steps of one query over a long time: a day. */
const STEPS_ASKED = 288;

/**
 * Reads the events of both arms in the steps between two moments, in seconds since 1970. Throws EngineRefusal and
 * ImpossibleAnswer.
 */
export async function countsOf(
  engine: MetricEngine,
  query: MetricQuery,
  from: number,
  until: number,
): Promise<StepCount[]> {
  // The value at the end of a step covers that step.
  const range = (text: string, arm: StepCount['arm']) =>
    engine.range(queryFor(text, arm), from + STEP_SECONDS, until, STEP_SECONDS);
  const answer = async (arm: StepCount['arm']): Promise<ArmAnswer> => ({
    bad: await range(query.bad, arm),
    all: await range(query.all, arm),
  });
  const counts = stepCounts(
    { treatment: await answer('treatment'), control: await answer('control') },
    query,
  );
  return counts.filter(({ at }) => at > from && at <= until);
}

/** Reads the events of both arms over a long time, day by day, so that no answer is too large. */
export async function countsOfDays(
  engine: MetricEngine,
  query: MetricQuery,
  from: number,
  until: number,
): Promise<StepCount[]> {
  const counts: StepCount[] = [];
  const length = STEPS_ASKED * STEP_SECONDS;
  for (let begin = from; begin < until; begin += length) {
    counts.push(...(await countsOf(engine, query, begin, Math.min(until, begin + length))));
  }
  return counts;
}
