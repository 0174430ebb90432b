import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';

/** Sums of one arm in one stratum of one block. */
interface ArmSum {
  /** Expected failures if both arms were alike, up to a common scale: one per span if nothing is known. */
  expected: number;
  /** Sum of the failed fractions of the spans. */
  failed: number;
}

type Arm = 'treatment' | 'control';

/** The strata of a time range, by name, such as the category of the subjects. */
export type Strata = Map<string, Record<Arm, ArmSum>>;

/** Default of the tolerated ratio of treatment's odds of failing to control's. */
export const TOLERATED_ODDS = 2;

/** A change of one span: its expected failures (0 if already counted), and the increase of its failed part. */
export interface SpanChange {
  stratum: string;
  arm: Arm;
  expected: number;
  failed: number;
}

export function takeIn(strata: Strata, { stratum, arm, expected, failed }: SpanChange): void {
  let sums = strata.get(stratum);
  if (!sums) {
    sums = { treatment: nothing(), control: nothing() };
    strata.set(stratum, sums);
  }
  sums[arm].expected += expected;
  sums[arm].failed += failed;
}

function nothing(): ArmSum {
  return { expected: 0, failed: 0 };
}

/** Weight, in jobs, of the mean of all subjects against a subject's own past. */
const PRIOR_JOBS = 9;

/**
 * Returns the share of a subject's jobs that is expected to fail, from the time before it was exposed; with little
 * evidence, drawn towards the mean of all. Subjects differ, and nine of ninety that fail twice as often are not rare:
 * compared by numbers alone, equal code is told apart from control in 5% of fortnights; compared by each subject's own
 * past, in less than 1%.
 */
export function expectedShare(past: { jobs: number; failed: number }, mean: number): number {
  return (past.failed + PRIOR_JOBS * mean) / (past.jobs + PRIOR_JOBS);
}

/**
 * Returns ln of the factor of these strata for each odds multiplier.
 *
 * Each failure of both arms falls on treatment or on control. If treatment's odds are at most the tolerated ones r, it
 * falls on treatment with at most the probability r e_T / (r e_T + e_C), e being the expected failures: the conditional
 * comparison of two rates (Przyborowski and Wilenski 1940), with each arm's own mix of subjects. If an arm has no
 * expected failures, the factor is 1, and without a failure it is exactly 1 too. So a start belongs to the first
 * failure of a block: starts given to blocks without failures would add up to evidence out of nothing.
 */
export function relativeFactor(strata: Strata, toleratedOdds = TOLERATED_ODDS): PerMultiplier {
  const sum = zeros();
  for (const { treatment, control } of strata.values()) {
    if (treatment.expected <= 0 || control.expected <= 0) continue;
    const failed = treatment.failed + control.failed;
    if (failed === 0) continue;
    const weighed = toleratedOdds * treatment.expected;
    const share = weighed / (weighed + control.expected);
    ODDS_MULTIPLIERS.forEach((k, i) => {
      const cost = failed * Math.log1p((k - 1) * share);
      sum[i] = (sum[i] ?? 0) + treatment.failed * Math.log(k) - cost;
    });
  }
  return sum;
}
