import { costOf } from '../../domain/evidence/cost.ts';
import { byKey, rateOf } from '../../domain/evidence/rates.ts';
import type { ExposurePoint, RateSeries, ReportWeek, ScoreSeries } from '../../domain/report/report.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { ProcessorSum } from '../../store/health/report.ts';

export function emptyRates(): RateSeries {
  return {
    at: [],
    span: [],
    jobs: [],
    errors: [],
    control_jobs: [],
    control_errors: [],
    mean_ms: [],
    control_mean_ms: [],
  };
}

export function emptyScores(): ScoreSeries {
  return { at: [], verdict: [], absolute: [], relative: [], warning: [] };
}

/** Returns the points of history, and under a global stop its point, which no row of the feature records. */
export function exposureNow(points: ExposurePoint[], stop: { at: Date } | null): ExposurePoint[] {
  if (!stop || points.at(-1)?.percentage === 0) return points;
  return [
    ...points,
    { at: stop.at, percentage: 0, live: false, action: 'emergency_stop' as const, history: null },
  ];
}

export interface Weeks {
  now: ReportWeek;
  before: ReportWeek;
  /** Cost of all weeks that were read. */
  cost: ReturnType<typeof costOf>;
  /** Treatment jobs of all these weeks, and the failed ones. */
  month: { jobs: number; errors: number };
}

const WEEK_MS = 7 * DAY_MS;

/** Returns this week and the last, and the cost of all weeks. */
export function weeksOf(
  sums: readonly ProcessorSum[],
  spec: Pick<Spec, 'costs' | 'routing'>,
  points: readonly ExposurePoint[],
  now: Date,
  weeks: number,
): Weeks {
  const week = (number: number): ReportWeek => {
    const own = sums.filter((sum) => sum.week === number);
    const end = new Date(now.getTime() - number * WEEK_MS);
    return {
      treatment: rateOf(own.filter(({ arm }) => arm === 'treatment')),
      control: rateOf(own.filter(({ arm }) => arm === 'control')),
      cost: own.length === 0 ? null : costOf(byProcessor(own), spec, 7).total,
      percentage: points.findLast(({ at }) => at <= end)?.percentage ?? 0,
    };
  };
  const { jobs, errors } = rateOf(sums.filter(({ arm }) => arm === 'treatment'));
  return {
    now: week(0),
    before: week(1),
    cost: costOf(byProcessor(sums), spec, weeks * 7),
    month: { jobs, errors },
  };
}

function byProcessor(sums: readonly ProcessorSum[]) {
  return [...byKey(sums, ({ processor }) => processor)].map(([processor, own]) => ({
    processor,
    jobs: own.reduce((all, { jobs }) => all + jobs, 0),
    timed_jobs: own.reduce((all, { timed_jobs }) => all + timed_jobs, 0),
    processing_ms: own.reduce((all, { processing_ms }) => all + processing_ms, 0),
  }));
}
