import { type Bucket, type EvidenceRow, gather, impossible, splitByCategory } from './evidence.ts';
import { decide } from './health/decide.ts';
import { explain } from './health/explain.ts';
import { ALL, compareBadness, type Judgement, unjudged } from './health/judgement.ts';
import { type HealthParams, healthParams, type Rule, ruleOf } from './health/rule.ts';
import { newWatch, observe, type Watch } from './health/watch.ts';
import type { Spec } from './spec.ts';
import { judgeByThreshold, thresholdParams } from './threshold-rule.ts';

export type { EvidenceRow } from './evidence.ts';
export type { Judgement, Verdict } from './health/judgement.ts';
export { unjudged } from './health/judgement.ts';
export type { HealthParams } from './health/rule.ts';
export { judgeByThreshold, thresholdParams } from './threshold-rule.ts';

/**
 * Judges the evidence of one epoch of a feature, all categories together.
 *
 * May be asked as often as one likes: the scores are made for looking after every bucket, as `score.ts`
 * says. Never throws; what cannot be judged has the verdict `error`.
 */
export function judge(rows: readonly EvidenceRow[], params: HealthParams = {}): Judgement {
  const rule = ruleOf(params);
  if (typeof rule === 'string') return unjudged(rule);
  const problem = impossible(rows);
  return problem === null ? judgeBuckets(gather(rows), rule, null) : unjudged(problem);
}

/**
 * The same, and also each category alone; the worst judgement wins, the one over all of them when equal.
 *
 * With m categories that have treatment jobs each of them needs m times the evidence (Bonferroni), so
 * that all of them together add no more false alarms than the judgement over all has.
 */
export function judgeByCategory(rows: readonly EvidenceRow[], params: HealthParams = {}): Judgement {
  const rule = ruleOf(params);
  if (typeof rule === 'string') return unjudged(rule);
  const problem = impossible(rows);
  if (problem !== null) return unjudged(problem);
  const buckets = gather(rows);
  const parts = splitByCategory(buckets);
  const stricter = {
    ...rule,
    evidence: rule.evidence * parts.size,
    warningEvidence: rule.warningEvidence * parts.size,
  };
  let worst = judgeBuckets(buckets, rule, null);
  for (const [category, part] of parts) {
    const alone = judgeBuckets(part, stricter, category);
    const difference = compareBadness(alone, worst);
    const strongerTwin =
      difference === 0 && worst.scope !== ALL && alone.scores.absolute > worst.scores.absolute;
    if (difference > 0 || strongerTwin) worst = alone;
  }
  return worst;
}

/** Judges by the analysis that the feature's spec asks for; `now` in minutes since 1970. */
export function judgeFeature(
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>,
  rows: readonly EvidenceRow[],
  now: number,
): Judgement {
  return spec.analysis === 'threshold'
    ? judgeByThreshold(rows, thresholdParams(spec, now))
    : judgeByCategory(rows, healthParams(spec));
}

function judgeBuckets(buckets: readonly Bucket[], rule: Rule, category: string | null): Judgement {
  const watch = newWatch(rule);
  for (const bucket of buckets) observe(watch, bucket);
  return judgementOf(watch, category);
}

/** The judgement, with its words, on everything a watch has seen. */
function judgementOf(watch: Watch, category: string | null): Judgement {
  const decision = decide(watch);
  const { absolute, relative, warning, critical } = decision.readings;
  const { totals } = watch;
  const nothing = decision.verdict === 'no_data';
  return {
    verdict: decision.verdict,
    reasonCode: decision.reasonCode,
    reason: explain(decision, watch, category),
    severity: decision.severity,
    scope: category ?? ALL,
    jobs: totals.jobs,
    errors: totals.errors,
    scores: {
      absolute: absolute.score,
      relative: relative.score,
      warning: warning.score,
      critical: critical.score,
    },
    window: nothing ? { since: null, ...totals } : absolute.window,
  };
}
