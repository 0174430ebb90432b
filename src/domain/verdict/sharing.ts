import type { Counts } from '../score/ledger.ts';
import { TOLERATED_ODDS } from '../score/relative.ts';
import type { Rule } from '../score/rule.ts';

/** The counts of one category since a run began. */
export interface Stratum extends Counts {
  category: string;
}

/** The categories in which treatment fails and control has jobs, and their sums. */
export interface Shared {
  categories: readonly string[];
  jobs: number;
  failed: number;
  controlJobs: number;
  controlFailed: number;
}

/**
 * The categories in which both arms can be compared. A mix of categories can say the opposite of every one (Simpson's
 * paradox), so only those count in which treatment's failures lie, each against itself.
 */
function comparedOf(strata: readonly Stratum[]): Stratum[] {
  return strata.filter(({ failed, controlJobs }) => failed > 0 && controlJobs > 0);
}

function sumOf(compared: readonly Stratum[]): Shared {
  const sum = (of: (stratum: Stratum) => number) => compared.reduce((all, stratum) => all + of(stratum), 0);
  return {
    categories: compared.map(({ category }) => category),
    jobs: sum(({ jobs }) => jobs),
    failed: sum(({ failed }) => failed),
    controlJobs: sum(({ controlJobs }) => controlJobs),
    controlFailed: sum(({ controlFailed }) => controlFailed),
  };
}

/**
 * The outage that control shares; null where control does not fail too. Failures in categories in which control has no
 * job have nobody to share them: `provenWithout` says whether the others prove enough alone.
 */
export function sharedOutage(
  strata: readonly Stratum[],
  rule: Rule,
  provenWithout: (categories: readonly string[]) => boolean,
): Shared | null {
  const compared = comparedOf(strata);
  const shared = sumOf(compared);
  const fails =
    shared.controlJobs >= rule.minimumJobs &&
    shared.controlFailed >= rule.minimumErrors &&
    controlIsOver(compared, shared, rule);
  return fails && !treatmentIsWorse(strata) && !provenWithout(shared.categories) ? shared : null;
}

/** Would control be over the limit if its jobs were spread over the categories as treatment's are? */
function controlIsOver(compared: readonly Stratum[], { jobs }: Shared, { maxErrorRate }: Rule): boolean {
  // Of one category this is its rate; in whole numbers, so that a rate at the limit is not over it by rounding.
  const [only] = compared;
  if (only && compared.length === 1) return only.controlFailed * 100 > only.controlJobs * maxErrorRate;
  let failing = 0;
  for (const stratum of compared) failing += (stratum.jobs * stratum.controlFailed) / stratum.controlJobs;
  return failing * 100 > jobs * maxErrorRate;
}

/** How unlikely it has to be that control failed so seldom, before treatment is worse than it. */
const LEAST_CHANCE = 0.01;

/**
 * Has control had so many jobs that an outage which it shares would show? Of the failures of both arms in a category each
 * falls on control with at least the chance n_C / (r n_T + n_C) if treatment's odds are at most the tolerated r times
 * control's; so few on control as there were have a chance of less than 1%. Categories are compared each with itself
 * and then added up, like Mantel and Haenszel (1959) do with odds.
 */
export function treatmentIsWorse(strata: readonly Stratum[]): boolean {
  const compared = comparedOf(strata);
  const [mean, variance] = compared.reduce(
    ([mean, variance], { jobs, failed, controlJobs, controlFailed }) => {
      const share = controlJobs / (TOLERATED_ODDS * jobs + controlJobs);
      const failures = failed + controlFailed;
      return [mean + failures * share, variance + failures * share * (1 - share)];
    },
    [0, 0],
  );
  const { failed, controlFailed } = sumOf(compared);
  return chanceOfAtMost(controlFailed, failed + controlFailed, mean, variance) < LEAST_CHANCE;
}

/** The chance that at most `count` of `trials` come true, of which this is the mean and the variance. */
export function chanceOfAtMost(count: number, trials: number, mean: number, variance: number): number {
  if (trials === 0 || variance <= 0) return 1;
  if (variance > 100) return normalBelow((count + 0.5 - mean) / Math.sqrt(variance));
  const share = mean / trials;
  // The first term is the smallest of all, and nothing is left of it where most of many trials come true: those that do
  // not come true are counted then.
  if (share <= 0.5) return sumBelow(count + 1, trials, share);
  return 1 - sumBelow(trials - count, trials, 1 - share);
}

/** The chance of fewer than `count` of `trials` with this share (binomial). */
function sumBelow(count: number, trials: number, share: number): number {
  let term = Math.exp(trials * Math.log1p(-share));
  let sum = 0;
  for (let n = 0; n < count && n <= trials; n++) {
    sum += term;
    term *= ((trials - n) / (n + 1)) * (share / (1 - share));
    if (term < 1e-30 && n > trials * share) break;
  }
  return sum;
}

/** The standard normal distribution, by the approximation of Abramowitz and Stegun (26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z < 0 ? tail : 1 - tail;
}
