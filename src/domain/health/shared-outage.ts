import { add, type Bucket, emptyTally, type Stratum, type Tally, takeIn } from '../evidence/evidence.ts';
import type { Rule } from './rule.ts';
import { newWatch, observe, readingsOf, type Watch, type Window } from './watch.ts';

/** An outage that control shares. */
export interface SharedOutage {
  /** The counts of both arms in the categories that were compared. */
  counts: Tally;
  categories: readonly string[];
}

/**
 * The outage that control shares in this window; null where control does not fail too, or not as much.
 *
 * Only categories in which treatment fails are compared, each with itself: a mix of them can say the opposite of
 * every one (Simpson's paradox). Their odds are pooled as Mantel and Haenszel do (1959), control's rate is weighted
 * by treatment's jobs. Failures in categories where control has no job have nobody to share them: where they are
 * proof enough alone, nothing is shared.
 */
export function sharedOutage(watch: Watch, window: Window): SharedOutage | null {
  const { rule } = watch;
  const compared = strataSince(watch, window).filter(
    ({ errors, controlJobs }) => errors > 0 && controlJobs > 0,
  );
  const counts = emptyTally();
  for (const stratum of compared) add(counts, stratum);
  const shared =
    counts.controlJobs >= rule.minimumJobs &&
    counts.controlErrors >= rule.minimumErrors &&
    controlIsOver(compared, counts, rule) &&
    oddsAreAlike(compared, rule);
  if (!shared) return null;
  const categories = compared.map(({ category }) => category);
  return provenWithout(watch, categories) ? null : { counts, categories };
}

/** What was counted since the window began, by category. */
function strataSince({ buckets }: Watch, { since }: Window): Stratum[] {
  const strata: Stratum[] = [];
  for (const bucket of buckets) {
    if (since === null || bucket.minute < since) continue;
    for (const stratum of bucket.strata) takeIn(strata, stratum);
  }
  return strata;
}

/** Would control be over the limit if its jobs were spread over the categories as treatment's are? */
function controlIsOver(compared: readonly Stratum[], { jobs }: Tally, { maxErrorRate }: Rule): boolean {
  // Of one category this is its rate; in whole numbers, so that a rate at the limit is not over it by rounding.
  const [only] = compared;
  if (only && compared.length === 1) return only.controlErrors * 100 > only.controlJobs * maxErrorRate;
  let failing = 0;
  for (const stratum of compared) failing += (stratum.jobs * stratum.controlErrors) / stratum.controlJobs;
  return failing * 100 > jobs * maxErrorRate;
}

/** Are treatment's odds of failing at most `oddsRatio` times control's, category by category? */
function oddsAreAlike(compared: readonly Stratum[], { oddsRatio }: Rule): boolean {
  let worse = 0;
  let better = 0;
  for (const { jobs, errors, controlJobs, controlErrors } of compared) {
    const weight = compared.length === 1 ? 1 : jobs + controlJobs;
    worse += (errors * (controlJobs - controlErrors)) / weight;
    better += (controlErrors * (jobs - errors)) / weight;
  }
  return worse <= oddsRatio * better;
}

/** Do the other categories alone prove that the limit is exceeded? */
function provenWithout({ buckets, rule }: Watch, categories: readonly string[]): boolean {
  const rest = newWatch(rule);
  for (const bucket of buckets) {
    const strata = bucket.strata.filter(({ category }) => !categories.includes(category));
    if (strata.length > 0) observe(rest, { minute: bucket.minute, strata } satisfies Bucket);
  }
  return readingsOf(rest).absolute.firm >= Math.log(rule.evidence);
}
