import type { Random } from '../../lib/random.ts';
import type { ThresholdParams } from '../health/threshold-rule.ts';
import { trustedRule } from '../score/rule.ts';
import { STEP_MINUTES } from './life.ts';
import { type Analysis, type Monitor, monitorOf, raises } from './monitor.ts';
import { lowerQuantile, shareOf } from './quantile.ts';
import { arrivalsOf, categoriesOf, lifeOf, type NormalTraffic } from './traffic.ts';

/** Evidence older than this is not read, so a longer soak detects no more. */
export const LONGEST_SOAK_HOURS = 720;

/** Share of runs in which the doubling must be detected. */
export const SOAK_POWER = 0.8;

/** Why no soak is long enough. */
export type SoakProblem =
  | 'no_jobs'
  | 'nothing_to_double'
  | 'normal_over_warning_rate'
  | 'doubled_under_warning_rate'
  | 'too_few_jobs';

/** How long a step must soak until a doubled failure rate raises at least a warning. */
export interface SoakNeeded {
  /** Twice the normal rate, in percent. */
  rate: number;
  /** Hours until it is detected in `SOAK_POWER` of the runs; null if `problem` explains why not. */
  hours: number | null;
  problem: SoakProblem | null;
  /** Share of runs, 0 to 1, in which the normal rate is falsely detected within these hours; null without hours. */
  falseShare: number | null;
  /** Jobs and hours needed to tell the two rates apart by counting, whatever the thresholds; null if impossible. */
  counting: { jobs: number; hours: number } | null;
}

export interface SoakOptions extends Pick<NormalTraffic, 'control' | 'categories' | 'jobsTogether'> {
  /** Default `sequential`. */
  analysis?: Analysis;
  /** Default 200. */
  runs?: number;
}

/**
 * Returns how long a step must soak, at this traffic, to detect a doubling of the normal failure rate (percent).
 *
 * Anything that keeps a step from advancing counts as detection: a warning, or worse. The rule only looks for rates
 * above the warning rate, so a doubling below it is never detected, and `counting` states what would be needed to
 * detect it at all: the jobs of a one-sided test with 5% false alarms and 80% power. Throws RangeError on impossible
 * params.
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

/** Returns hours until the first check that raises an alarm; Infinity if none does. */
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
