import { normal, type Random } from '../../lib/random.ts';
import { correlatedShare } from './beta.ts';
import type { FailureRate, FleetJob } from './job.ts';

/** The subjects of a feature, as they are: a few busy ones, many quiet ones, each with failures of its own. */
export interface Population {
  /** Relative activity of each subject, adding up to 1. */
  readonly activity: readonly number[];
  /** How many of them are treatment; they are the first. */
  readonly treated: number;
}

export interface PopulationOptions {
  subjects: number;
  treated: number;
  /** Spread of the logarithm of a subject's activity; 0: all alike. */
  activitySpread: number;
}

export function drawPopulation(options: PopulationOptions, random: Random): Population {
  const { subjects, treated, activitySpread } = options;
  const raw = Array.from({ length: subjects }, () => Math.exp(activitySpread * normal(random)));
  const sum = raw.reduce((total, each) => total + each, 0);
  return { activity: raw.map((each) => each / sum), treated };
}

/** Each subject fails at a rate of its own for ever: two jobs of one subject are correlated, those of two are not. */
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
  /** Of all subjects together. */
  jobsPerHour: number;
  until: number;
  rate: FailureRate;
}

/** Jobs of both arms, each of a subject drawn by its activity. */
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

/** The first place whose running sum is above `value`. */
function placeOf(upTo: readonly number[], value: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
