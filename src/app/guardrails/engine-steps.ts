import {
  type ArmAnswer,
  ImpossibleAnswer,
  queryFor,
  type StepCount,
  type StepCounts,
  stepCounts,
} from '../../domain/guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../../domain/guardrails/metric-read.ts';
import type { MetricQuery } from '../../domain/spec/spec.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';

/** Steps of one query over a long time: a day. */
const STEPS_ASKED = 288;

/**
 * Reads the events of both arms in the steps that end after `from` and not after `until`, in seconds since 1970. Throws
 * EngineRefusal and ImpossibleAnswer.
 */
export async function countsOf(
  engine: MetricEngine,
  query: MetricQuery,
  from: number,
  until: number,
): Promise<StepCounts> {
  // The value at the end of a step covers that step.
  const range = (text: string, arm: StepCount['arm']) =>
    engine.range(queryFor(text, arm), from + STEP_SECONDS, until, STEP_SECONDS);
  const answer = async (arm: StepCount['arm']): Promise<ArmAnswer> => ({
    bad: await range(query.bad, arm),
    all: await range(query.all, arm),
  });
  const { counts, impossible } = stepCounts(
    { treatment: await answer('treatment'), control: await answer('control') },
    query,
  );
  const isAsked = (at: number) => at > from && at <= until;
  return {
    counts: counts.filter(({ at }) => isAsked(at)),
    impossible: new Map([...impossible].filter(([at]) => isAsked(at))),
  };
}

/**
 * Reads the events of both arms over a long time, day by day, so that no answer is too large. Throws ImpossibleAnswer also
 * for a single step that is not plausible.
 */
export async function countsOfDays(
  engine: MetricEngine,
  query: MetricQuery,
  from: number,
  until: number,
): Promise<StepCount[]> {
  const counts: StepCount[] = [];
  const length = STEPS_ASKED * STEP_SECONDS;
  for (let begin = from; begin < until; begin += length) {
    const day = await countsOf(engine, query, begin, Math.min(until, begin + length));
    for (const why of day.impossible.values()) throw new ImpossibleAnswer(why);
    counts.push(...day.counts);
  }
  return counts;
}
