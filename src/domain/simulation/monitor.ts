import { BUCKET_MINUTES, type Bucket } from '../evidence/evidence.ts';
import type { Verdict } from '../health/judgement.ts';
import { DEFAULT_WINDOW, newRateWindow, slide, type ThresholdParams } from '../health/threshold-rule.ts';
import { type HealthParams, type Rule, trustedRule } from '../score/rule.ts';
import type { Spec } from '../spec/spec.ts';
import { verdictOf as decided } from '../verdict/decide.ts';
import { type FeatureWatch, newFeatureWatch, observeWindows } from '../verdict/feature-watch.ts';
import type { ScopeWatch } from '../verdict/scope-watch.ts';
import { type LifeStep, STEP_MINUTES } from './life.ts';

/** Judges a feature after each step. */
export type Monitor = (step: LifeStep) => Verdict;

export type Analysis = Spec['analysis'];

/**
 * Returns the monitor of the rule that the tick applies. `categories` are those with treatment jobs; `startedAt` in
 * seconds, default 0.
 */
export function monitorOf(
  analysis: Analysis,
  params: ThresholdParams,
  categories: readonly string[] = [''],
  startedAt = 0,
): Monitor {
  return analysis === 'threshold' ? thresholdMonitor(params) : scoreMonitor(params, categories, startedAt);
}

/**
 * Monitors the score over all categories together and over each alone, whenever a slice is complete: the same verdict
 * as `judge`, computed incrementally. Throws RangeError on impossible params.
 */
export function scoreMonitor(
  params: HealthParams = {},
  categories: readonly string[] = [''],
  startedAt = 0,
): Monitor {
  const rule = trustedRule(params);
  const feature = newFeatureWatch(rule, categories, startedAt);
  let seen = 0;
  let verdict: Verdict = 'no_data';
  return ({ minute, windows }) => {
    observeWindows(feature, windows, (minute + STEP_MINUTES) * 60);
    const slices = slicesOf(feature);
    if (slices > seen) verdict = worstOf(feature);
    seen = slices;
    return verdict;
  };
}

function slicesOf({ all, parts }: FeatureWatch): number {
  let count = all.watch.slices.length;
  for (const { watch } of parts.values()) count += watch.slices.length;
  return count;
}

/** Rank of a verdict; those that raise no alarm are equal. */
const GRAVITY: Partial<Record<Verdict, number>> = { warning: 1, suspect: 2, harmful: 3 };

/** Does this verdict at least warn? Then nothing advances. */
export function raises(verdict: Verdict): boolean {
  return verdict in GRAVITY;
}

function worstOf({ all, parts }: FeatureWatch): Verdict {
  let worst = verdictOf(all.watch);
  for (const { watch } of parts.values()) {
    if (watch.ledger.totals.finished === 0) continue;
    const alone = verdictOf(watch);
    if ((GRAVITY[alone] ?? 0) > (GRAVITY[worst] ?? 0)) worst = alone;
  }
  return worst;
}

function verdictOf(watch: ScopeWatch): Verdict {
  if (watch.crossed) return 'harmful';
  if (watch.excused) return 'suspect';
  if (!isQuiet(watch)) return decided(watch);
  const { finished } = watch.ledger.totals;
  if (finished === 0) return 'no_data';
  return finished < watch.rule.minimumJobs ? 'insufficient' : 'healthy';
}

/** Is every score too low to warn? Then only the number of jobs decides: a score is never above its highest level. */
function isQuiet({ warning, relative, rule }: ScopeWatch): boolean {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return Math.max(...warning.levels) < least && Math.max(...relative.watch.levels) < least;
}

/** Monitors the plain rule. Throws RangeError on impossible params. */
export function thresholdMonitor(params: ThresholdParams = {}): Monitor {
  const rule: Rule = trustedRule(params);
  const window = newRateWindow(rule, params.windowMinutes ?? DEFAULT_WINDOW);
  return (step) => slide(window, bucketOf(step)).verdict;
}

/** The finished jobs of a step, with the quarter of an hour that contains it. */
function bucketOf({ minute, windows }: LifeStep): Bucket {
  return {
    minute: Math.floor(minute / BUCKET_MINUTES) * BUCKET_MINUTES,
    strata: windows.map(({ category, finished, failed, controlJobs, controlFailed }) => ({
      category,
      jobs: finished,
      errors: failed,
      controlJobs,
      controlErrors: controlFailed,
    })),
  };
}
