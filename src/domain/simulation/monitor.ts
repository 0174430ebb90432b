import type { Bucket } from '../evidence/evidence.ts';
import { decide } from '../health/decide.ts';
import type { Verdict } from '../health/judgement.ts';
import { type HealthParams, type Rule, ruleOf } from '../health/rule.ts';
import type { Run } from '../health/score.ts';
import { DEFAULT_WINDOW, newRateWindow, slide, type ThresholdParams } from '../health/threshold-rule.ts';
import { newWatch, observe, type Watch } from '../health/watch.ts';
import type { Spec } from '../spec/spec.ts';

/** Looks at a feature after each bucket and says what it sees. */
export type Monitor = (bucket: Bucket) => Verdict;

export type Analysis = Spec['analysis'];

/**
 * The rule as the tick applies it: the sequential one over all categories and over each alone, or the plain
 * one. `oneCategory` promises that there is no second one, which makes it cheaper and changes nothing.
 */
export function monitorOf(analysis: Analysis, params: ThresholdParams, oneCategory = false): Monitor {
  if (analysis === 'threshold') return thresholdMonitor(params);
  return oneCategory ? sequentialMonitor(params) : categoryMonitor(params);
}

/** The sequential rule over all categories together. Throws RangeError on impossible params. */
export function sequentialMonitor(params: HealthParams = {}): Monitor {
  const rule = trustedRule(params);
  const watch = newWatch(rule);
  let verdict: Verdict = 'no_data';
  return (bucket) => {
    if (bucket.strata.length === 0) return verdict;
    observe(watch, bucket);
    verdict = verdictOf(watch, rule);
    return verdict;
  };
}

/**
 * The sequential rule over all categories together and over each of the m alone, at m times the evidence: the
 * verdict of `judgeByCategory` after each bucket, without starting over. Throws RangeError on impossible params.
 */
export function categoryMonitor(params: HealthParams = {}): Monitor {
  const rule = trustedRule(params);
  const all = newWatch(rule);
  const parts = new Map<string, Watch>();
  let verdict: Verdict = 'no_data';
  return (bucket) => {
    if (bucket.strata.length === 0) return verdict;
    observe(all, bucket);
    for (const stratum of bucket.strata) {
      const part = parts.get(stratum.category) ?? newWatch(rule);
      parts.set(stratum.category, part);
      observe(part, { minute: bucket.minute, strata: [stratum] });
    }
    verdict = worstOf(all, parts, rule);
    return verdict;
  };
}

/** How much a verdict raises; those that raise nothing are equal. */
const GRAVITY: Partial<Record<Verdict, number>> = { warning: 1, suspect: 2, harmful: 3 };

/** Does this verdict at least warn? Then nothing advances. */
export function raises(verdict: Verdict): boolean {
  return verdict in GRAVITY;
}

function worstOf(all: Watch, parts: ReadonlyMap<string, Watch>, rule: Rule): Verdict {
  let worst = verdictOf(all, rule);
  if (parts.size < 2) return worst; // the only category is all of them
  const treated = [...parts.values()].filter(({ totals }) => totals.jobs > 0);
  const stricter = {
    ...rule,
    evidence: rule.evidence * treated.length,
    warningEvidence: rule.warningEvidence * treated.length,
  };
  for (const part of treated) {
    if (worst === 'warning' && !mayBeWorse(part, stricter)) continue;
    const alone = verdictOf(part, stricter);
    if ((GRAVITY[alone] ?? 0) > (GRAVITY[worst] ?? 0)) worst = alone;
  }
  return worst;
}

/** The verdict by a rule that differs from the watch's own at most in the evidence it asks for. */
function verdictOf(watch: Watch, rule: Rule): Verdict {
  if (!isQuiet(watch, rule)) return decide(rule === watch.rule ? watch : { ...watch, rule }).verdict;
  const { jobs } = watch.totals;
  if (jobs === 0) return 'no_data';
  return jobs < rule.minimumJobs ? 'insufficient' : 'healthy';
}

/** Is no score near what warns? Then only the number of jobs decides: a score is never above its highest run. */
function isQuiet(watch: Watch, rule: Rule): boolean {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return (
    !reachesBy(watch.absolute, 0, least) &&
    !reachesBy(watch.warning, 0, least) &&
    !relativeReaches(watch, least)
  );
}

/** Could the verdict be worse than a warning? */
function mayBeWorse(watch: Watch, rule: Rule): boolean {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return reachesBy(watch.absolute, 0, least) || relativeReaches(watch, Math.log(rule.evidence));
}

/** Could the relative score reach `least`? The errors of the open block are taken at their worst. */
function relativeReaches({ relative, totals }: Watch, least: number): boolean {
  if (totals.controlJobs === 0) return false;
  let open = 0;
  for (const { errors } of relative.open.values()) open += errors;
  return reachesBy(relative.closed, open, least);
}

/** Could a run reach `least` with so many more errors? */
function reachesBy(runs: readonly Run[], errors: number, least: number): boolean {
  for (const { level, reward } of runs) if (Math.max(level, 0) + errors * reward >= least) return true;
  return false;
}

/** The plain rule. Throws RangeError on impossible params. */
export function thresholdMonitor(params: ThresholdParams = {}): Monitor {
  const window = newRateWindow(trustedRule(params), params.windowMinutes ?? DEFAULT_WINDOW);
  return (bucket) => slide(window, bucket).verdict;
}

/** Params with every default filled in; throws RangeError on impossible ones. */
export function trustedRule(params: HealthParams): Rule {
  const rule = ruleOf(params);
  if (typeof rule === 'string') throw new RangeError(rule);
  return rule;
}
