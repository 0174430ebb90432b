import type { Random } from '../../lib/random.ts';
import type { ThresholdParams } from '../health/threshold-rule.ts';
import { trustedRule } from '../score/rule.ts';
import { STEP_MINUTES } from './life.ts';
import { type Analysis, type Monitor, monitorOf, raises } from './monitor.ts';
import { lowerQuantile, shareOf } from './quantile.ts';
import { arrivalsOf, categoriesOf, lifeOf, type NormalTraffic } from './traffic.ts';

/** Evidence older than this is not read, so no soak sees more by lasting longer. */
export const LONGEST_SOAK_HOURS = 720;

/** The share of runs in which the doubling is to be seen. */
export const SOAK_POWER = 0.8;

/** Why no soak is long enough. */
export type SoakProblem =
  | 'no_jobs'
  | 'nothing_to_double'
  | 'normal_over_warning_rate'
  | 'doubled_under_warning_rate'
  | 'too_few_jobs';

/** How long a step must soak before a doubled rate of failure has raised at least a warning. */
export interface SoakNeeded {
  /** Twice the normal rate, in percent. */
  rate: number;
  /** Hours by which it is raised in `SOAK_POWER` of the runs; null where `problem` says why not. */
  hours: number | null;
  problem: SoakProblem | null;
  /** Share of runs, 0 to 1, in which the normal rate is raised as well within these hours; null without hours. */
  falseShare: number | null;
  /** What it takes to tell the two rates apart by counting alone, whatever the thresholds; null where nothing can. */
  counting: { jobs: number; hours: number } | null;
}

export interface SoakOptions extends Pick<NormalTraffic, 'control' | 'categories' | 'jobsTogether'> {
  /** Default `sequential`. */
  analysis?: Analysis;
  /** Default 200. */
  runs?: number;
}

/**
 * How long a step must soak, at this traffic, to see a doubling of the normal rate of failure (percent).
 *
 * Seen is whatever keeps a step from advancing: a warning, or worse. The rule only looks for what is over the
 * warning rate, so a doubling below it is never seen, and `counting` says what it would take to see it at all: the
 * jobs of a one-sided test with 5% false alarms and 80% power. Throws RangeError on impossible params.
 */
export function soakToSeeDoubling(
  params: ThresholdParams,
  jobsPerHour: number,
  normalRate: number,
  random: Random,
  options: SoakOptions = {},
): SoakNeeded {
  const { analysis = 'sequential', runs = 200, ...rest } = options;
  const rule = trustedRule(params);
  const rate = Math.min(100, normalRate * 2);
  const traffic: NormalTraffic = { ...rest, jobsPerHour, errorRate: normalRate };
  const counting = countingNeeded(traffic, rate);
  const problem = problemOf(traffic, rate, rule.warningErrorRate);
  if (problem !== null) return { rate, hours: null, problem, falseShare: null, counting };
  const categories = categoriesOf(traffic);
  const monitor = () => monitorOf(analysis, params, categories);
  const seen: number[] = [];
  let missed = 0;
  while (seen.length < runs && missed <= (1 - SOAK_POWER) * runs) {
    const at = hoursUntilRaised(traffic, rate, LONGEST_SOAK_HOURS, monitor(), random);
    seen.push(at);
    if (at === Infinity) missed += 1;
  }
  const hours = lowerQuantile(seen, SOAK_POWER);
  if (seen.length < runs || hours === Infinity) {
    return { rate, hours: null, problem: 'too_few_jobs', falseShare: null, counting };
  }
  const normal = Array.from({ length: runs }, () =>
    hoursUntilRaised(traffic, normalRate, hours, monitor(), random),
  );
  return { rate, hours, problem: null, falseShare: shareOf(normal, Number.isFinite), counting };
}

/** Hours until the first check that raises anything; Infinity where none does. */
function hoursUntilRaised(
  traffic: NormalTraffic,
  errorRate: number,
  hours: number,
  monitor: Monitor,
  random: Random,
): number {
  for (const step of lifeOf(arrivalsOf(traffic, hours, random), { errorRate })) {
    if (raises(monitor(step))) return (step.minute + STEP_MINUTES) / 60;
  }
  return Infinity;
}

function problemOf(traffic: NormalTraffic, doubled: number, warningRate: number): SoakProblem | null {
  if (traffic.jobsPerHour === 0) return 'no_jobs';
  if (traffic.errorRate === 0) return 'nothing_to_double';
  if (traffic.errorRate >= warningRate) return 'normal_over_warning_rate';
  return doubled <= warningRate ? 'doubled_under_warning_rate' : null;
}

/** Standard normal quantiles of 95% and 80%. */
const SURE = 1.645;
const POWER = 0.842;

/** Jobs of a one-sided test of the normal rate against the doubled one, clusters counted as one job each. */
function countingNeeded(traffic: NormalTraffic, doubled: number): SoakNeeded['counting'] {
  const { jobsPerHour, errorRate, jobsTogether = 1 } = traffic;
  const [before, after] = [errorRate / 100, doubled / 100];
  if (jobsPerHour === 0 || after <= before) return null;
  const spread = SURE * Math.sqrt(before * (1 - before)) + POWER * Math.sqrt(after * (1 - after));
  const jobs = Math.ceil((spread / (after - before)) ** 2 * jobsTogether);
  return { jobs, hours: jobs / jobsPerHour };
}
