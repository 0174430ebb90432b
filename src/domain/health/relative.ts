import { type Bucket, type Stratum, type Tally, takeIn } from '../evidence/evidence.ts';
import type { Rule } from './rule.ts';
import { advanceGroups, copyRuns, newRuns, type Run, type Trials } from './score.ts';

/** The running score of treatment against control: closed blocks as runs, the open one as counts. */
export interface RelativeScore {
  closed: Run[];
  /** Number of the open block since 1970; -1 before the first. */
  block: number;
  /** Ordinal of the open block's first bucket. */
  first: number;
  /** Counts of the open block by category, sorted, so that sums are the same to the last bit. */
  open: Stratum[];
}

export function newRelative(rule: Rule): RelativeScore {
  return { closed: newRuns(rule.designEffect), block: -1, first: 0, open: [] };
}

/** Takes in the next bucket, closing the open block when the bucket lies in a later one. */
export function observeBlock(relative: RelativeScore, bucket: Bucket, ordinal: number, rule: Rule): void {
  const block = Math.floor(bucket.minute / rule.blockMinutes);
  if (block !== relative.block) {
    countOpen(relative, relative.closed, rule);
    relative.block = block;
    relative.first = ordinal;
    relative.open = [];
  }
  for (const stratum of bucket.strata) takeIn(relative.open, stratum);
}

/** The runs as they stand, the open block counted as far as it goes. */
export function relativeRuns(relative: RelativeScore, rule: Rule): Run[] {
  const runs = copyRuns(relative.closed);
  countOpen(relative, runs, rule);
  return runs;
}

/** Adds the open block to these runs. */
function countOpen({ open, first }: RelativeScore, runs: readonly Run[], rule: Rule): void {
  if (open.length === 0) return;
  const groups = open.map((stratum) => failuresByArm(stratum, rule.oddsRatio));
  advanceGroups(runs, first, groups, rule.designEffect);
}

/**
 * The failures of both arms as trials, each falling on treatment or on control.
 *
 * Given how many failed in all, treatment's share of them at a rate ratio r is r n_T / (r n_T + n_C):
 * the conditional comparison of two Poisson rates (Przyborowski and Wilenski 1940), by hour and category
 * so that neither can confound it. For an odds ratio it is an approximation: close at low error rates,
 * on the careful side at high ones. Where an arm has no jobs every increment is zero.
 */
function failuresByArm({ jobs, errors, controlJobs, controlErrors }: Tally, oddsRatio: number): Trials {
  if (jobs === 0 || controlJobs === 0) return { errors: 0, trials: 0, share: 0 };
  const share = (oddsRatio * jobs) / (oddsRatio * jobs + controlJobs);
  return { errors, trials: errors + controlErrors, share };
}
