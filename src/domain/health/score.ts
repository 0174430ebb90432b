/**
 * The arithmetic of one evidence score.
 *
 * For each odds multiplier k, `errors * ln k - trials * ln(1 + (k - 1) * share)` is the log-likelihood
 * ratio of two simple hypotheses about Bernoulli trials: odds of an error k times those of `share`,
 * against `share` itself. Summed with a floor at zero before each bucket it is Page's CUSUM (Biometrika 1954).
 * The mean over k of exp(CUSUM) mixes over the unknown size of a change; it is a CUSUM e-detector in the
 * sense of Shin, Ramdas and Rinaldo (2023). While the true share is at most `share`, the chance that it
 * ever reaches c within N buckets is at most N / c. That bound is loose: simulation shows far less.
 */

/** Multiples of the odds that are looked for: from a slow drift to a total breakage. */
const ODDS_MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20] as const;

/** The CUSUM of one odds multiplier. Changed in place as buckets arrive. */
export interface Run {
  readonly multiplier: number;
  /** What an error adds: ln k over the design effect. */
  readonly reward: number;
  /** What a trial takes where the tolerated share is fixed: ln(1 + (k - 1) * share) over the design effect. */
  readonly cost: number;
  /** Present level; negative only between a bucket and the next. */
  level: number;
  /** Ordinal of the bucket in which the run last restarted from zero. */
  start: number;
}

/** Trials of which `errors` went wrong, where a share of at most `share` (0 to 1) is tolerated. */
export interface Trials {
  errors: number;
  trials: number;
  share: number;
}

/**
 * Five runs at zero. `designEffect` is the number of jobs that count as one independent outcome;
 * `share` the tolerated share (0 to 1) where it is the same for every bucket.
 */
export function newRuns(designEffect: number, share = 0): Run[] {
  return ODDS_MULTIPLIERS.map((multiplier) => ({
    multiplier,
    reward: Math.log(multiplier) / designEffect,
    cost: Math.log1p((multiplier - 1) * share) / designEffect,
    level: 0,
    start: 0,
  }));
}

export function copyRuns(runs: readonly Run[]): Run[] {
  return runs.map(({ multiplier, reward, cost, level, start }) => ({
    multiplier,
    reward,
    cost,
    level,
    start,
  }));
}

/** Adds one bucket to a run: good days before it cannot hide what it says. */
function advance(run: Run, ordinal: number, increment: number): void {
  if (run.level <= 0) {
    run.level = 0;
    run.start = ordinal;
  }
  run.level += increment;
}

/** Adds one bucket of trials with the fixed share of the runs. */
export function advanceFixed(runs: readonly Run[], ordinal: number, errors: number, trials: number): void {
  for (const run of runs) advance(run, ordinal, errors * run.reward - trials * run.cost);
}

/** Adds one bucket that is several groups of trials, each with a tolerated share of its own. */
export function advanceGroups(
  runs: readonly Run[],
  ordinal: number,
  groups: readonly Trials[],
  designEffect: number,
) {
  for (const run of runs) {
    let increment = 0;
    for (const { errors, trials, share } of groups) {
      increment += errors * run.reward - (trials * Math.log1p((run.multiplier - 1) * share)) / designEffect;
    }
    advance(run, ordinal, increment);
  }
}

/** The score: ln of the mean of exp(level), without overflow at any level. */
export function scoreOf(runs: readonly Run[]): number {
  const top = leaderOf(runs).level;
  let sum = 0;
  for (const run of runs) sum += Math.exp(run.level - top);
  return top + Math.log(sum / runs.length);
}

/** The run with the highest level, whose start is the beginning of the score's window. */
export function leaderOf(runs: readonly Run[]): Run {
  let leader = runs[0] as Run;
  for (const run of runs) if (run.level > leader.level) leader = run;
  return leader;
}
