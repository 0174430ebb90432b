import { type Counts, countsByHour, type Ledger } from '../score/ledger.ts';
import { TOLERATED_ODDS } from '../score/relative.ts';
import type { Rule } from '../score/rule.ts';

/** The counts of one category in one hour of a run. */
export interface Stratum extends Counts {
  category: string;
}

/** Returns a category's strata between two moments, in seconds since 1970. */
export function strataOf(category: string, ledger: Ledger, from: number, until: number): Stratum[] {
  return countsByHour(ledger, from, until).map((counts) => ({ category, ...counts }));
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
 * Returns the strata in which both arms can be compared. A mix of categories or of times can show the opposite of each
 * (Simpson's paradox): after an outage that both arms shared, control's share falls if it then has more good jobs than
 * treatment. So only strata with failures of treatment count, each compared with itself.
 */
function comparedOf(strata: readonly Stratum[]): Stratum[] {
  return strata.filter(({ failed, controlJobs }) => failed > 0 && controlJobs > 0);
}

function sumOf(compared: readonly Stratum[]): Shared {
  const sum = (of: (stratum: Stratum) => number) => compared.reduce((all, stratum) => all + of(stratum), 0);
  return {
    categories: [...new Set(compared.map(({ category }) => category))],
    jobs: sum(({ jobs }) => jobs),
    failed: sum(({ failed }) => failed),
    controlJobs: sum(({ controlJobs }) => controlJobs),
    controlFailed: sum(({ controlFailed }) => controlFailed),
  };
}

/**
 * Returns the outage that control shares; null if control does not fail too. Failures in categories without control
 * jobs cannot be shared: `provenWithout` decides whether the others prove enough alone.
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

/** Would control be over the limit if its jobs were spread over categories and hours as treatment's are? */
function controlIsOver(compared: readonly Stratum[], { jobs }: Shared, { maxErrorRate }: Rule): boolean {
  // With one stratum this is its rate; in whole numbers, so that rounding does not put a rate at the limit above it.
  const [only] = compared;
  if (only && compared.length === 1) return only.controlFailed * 100 > only.controlJobs * maxErrorRate;
  let failing = 0;
  for (const stratum of compared) failing += (stratum.jobs * stratum.controlFailed) / stratum.controlJobs;
  return failing * 100 > jobs * maxErrorRate;
}

/** Largest probability of control's few failures at which treatment counts as worse. */
const LEAST_CHANCE = 0.01;

/**
 * Has control had enough jobs to show an outage that it shares? Each failure of both arms in a stratum falls on
 * control with at least the probability n_C / (r n_T + n_C) if treatment's odds are at most the tolerated r times
 * control's; treatment is worse if so few failures of control have a probability of less than 1%. Each stratum is
 * compared with itself, and the results are added up, as Mantel and Haenszel (1959) do with odds.
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

/** Returns the probability of at most `count` successes out of `trials`, given their mean and variance. */
export function chanceOfAtMost(count: number, trials: number, mean: number, variance: number): number {
  if (trials === 0 || variance <= 0) return 1;
  if (variance > 100) return normalBelow((count + 0.5 - mean) / Math.sqrt(variance));
  const share = mean / trials;
  // The first term is the smallest of all and underflows if most of many trials succeed; then the failures are
  // counted instead.
  if (share <= 0.5) return sumBelow(count + 1, trials, share);
  return 1 - sumBelow(trials - count, trials, 1 - share);
}

/** Returns the binomial probability of fewer than `count` of `trials` with this share. */
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
