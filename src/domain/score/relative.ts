import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';

/** What the spans of one arm in one stratum of one block add up to. */
interface ArmSum {
  /** Failures to be expected if both arms were alike, up to a common scale: one of each span where nothing is known. */
  expected: number;
  /** Sum of the failed fractions of the spans. */
  failed: number;
}

type Arm = 'treatment' | 'control';

/** The strata of one stretch of time, by name, such as the category of the subjects. */
export type Strata = Map<string, Record<Arm, ArmSum>>;

/** Treatment's odds of failing over control's that are tolerated where nobody says otherwise. */
export const TOLERATED_ODDS = 2;

/** A change of one span: how much is expected of it (0 where it has been counted), and how much more of it failed. */
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

/** Jobs that a subject's own past counts against, before it outweighs what all subjects have in common. */
const PRIOR_JOBS = 9;

/**
 * Share of a subject's jobs that is expected to fail, from before it was exposed, drawn towards the mean of all where
 * little is known. Subjects differ for reasons of their own, and nine of ninety that fail twice as often are not rare:
 * compared by their number alone they are told apart from control in 5% of fortnights at equal code, compared by their
 * own past in less than 1%.
 */
export function expectedShare(past: { jobs: number; failed: number }, mean: number): number {
  return (past.failed + PRIOR_JOBS * mean) / (past.jobs + PRIOR_JOBS);
}

/**
 * ln of the factor of these strata for each odds multiplier.
 *
 * Of the failures of both arms each falls on treatment or on control. Where treatment's odds are at most the
 * tolerated ones r, it falls on treatment with at most the probability r e_T / (r e_T + e_C), e being what was expected:
 * the conditional comparison of two rates (Przyborowski and Wilenski 1940), with each arm's own mix of subjects. Where
 * nothing is expected of an arm nothing is said, and without a failure the factor is exactly 1. So a start belongs to
 * the first failure of a block: given to blocks without one, starts would add up to evidence out of nothing.
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
