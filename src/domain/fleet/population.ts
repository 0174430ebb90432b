import { normal, type Random } from '../../lib/random.ts';
import { correlatedShare } from './beta.ts';
import type { FailureRate, FleetJob } from './job.ts';

/** The subjects of a feature, realistically: a few busy ones and many quiet ones, each with its own failure rate. */
export interface Population {
  /** Relative activity of each subject, adding up to 1. */
  readonly activity: readonly number[];
  /** Number of treated subjects; they come first in `activity`. */
  readonly treated: number;
}

export interface PopulationOptions {
  subjects: number;
  treated: number;
  /** Standard deviation of the logarithm of a subject's activity; 0: all are equally active. */
  activitySpread: number;
}

export function drawPopulation(options: PopulationOptions, random: Random): Population {
  const { subjects, treated, activitySpread } = options;
  const raw = Array.from({ length: subjects }, () => Math.exp(activitySpread * normal(random)));
  const sum = raw.reduce((total, each) => total + each, 0);
  return { activity: raw.map((each) => each / sum), treated };
}

/**
 * Gives each subject a constant failure rate of its own: jobs of one subject are correlated, jobs of two subjects are
 * not.
 */
export function ratesOfSubjects(
  { activity }: Population,
  mean: number,
  correlation: number,
  random: Random,
): FailureRate {
  const shares = activity.map(() => correlatedShare(random, mean, correlation));
  return (_at, subject) => shares[subject] ?? mean;
}

export interface PopulationJobs {
  /** Jobs per hour of all subjects together. */
  jobsPerHour: number;
  until: number;
  rate: FailureRate;
}

/** Yields jobs of both arms; the subject of each is drawn by activity. */
export function* jobsOf(
  population: Population,
  { jobsPerHour, until, rate }: PopulationJobs,
  random: Random,
): Generator<FleetJob> {
  const upTo = runningSums(population.activity);
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / jobsPerHour) * 3600;
    if (at >= until) return;
    const subject = placeOf(upTo, random() * (upTo.at(-1) ?? 0));
    const arm = subject < population.treated ? 'treatment' : 'control';
    yield { at, subject, arm, fails: random() < rate(at, subject), seconds: 0 };
  }
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Returns the first index whose running sum is above `value`. */
function placeOf(upTo: readonly number[], value: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
