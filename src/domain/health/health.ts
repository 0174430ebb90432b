import {
  type Bucket,
  type EvidenceRow,
  gather,
  impossible,
  partOf,
  treatedCategories,
} from '../evidence/evidence.ts';
import type { Spec } from '../spec/spec.ts';
import { type Decision, decide } from './decide.ts';
import { explain } from './explain.ts';
import { ALL, compareBadness, type Judgement, unjudged } from './judgement.ts';
import { type HealthParams, healthParams, type Rule, ruleOf } from './rule.ts';
import { judgeByThreshold, thresholdParams } from './threshold-rule.ts';
import { newWatch, observe, type Watch } from './watch.ts';

export type { EvidenceRow } from '../evidence/evidence.ts';
export type { Judgement, Verdict } from './judgement.ts';
export { unjudged } from './judgement.ts';
export type { HealthParams } from './rule.ts';
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
  return problem === null ? judgementOf(weigh(gather(rows), rule, null)) : unjudged(problem);
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
  const categories = treatedCategories(buckets);
  const stricter = {
    ...rule,
    evidence: rule.evidence * categories.length,
    warningEvidence: rule.warningEvidence * categories.length,
  };
  let worst = weigh(buckets, rule, null);
  for (const category of categories) {
    const alone = weigh(buckets, stricter, category);
    const difference = compareBadness(alone.decision, worst.decision);
    const strongerTwin = difference === 0 && worst.category !== null && absoluteOf(alone) > absoluteOf(worst);
    if (difference > 0 || strongerTwin) worst = alone;
  }
  return judgementOf(worst);
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

/** A judgement before its words, which only the worst of several needs. */
interface Weighed {
  decision: Decision;
  watch: Watch;
  /** Null: all of them together. */
  category: string | null;
}

function weigh(buckets: readonly Bucket[], rule: Rule, category: string | null): Weighed {
  const watch = newWatch(rule);
  for (const bucket of buckets) {
    const part = category === null ? bucket : partOf(bucket, category);
    if (part) observe(watch, part);
  }
  return { decision: decide(watch), watch, category };
}

function absoluteOf({ decision }: Weighed): number {
  return decision.readings.absolute.score;
}

/** The judgement, with its words, on everything a watch has seen. */
function judgementOf({ decision, watch, category }: Weighed): Judgement {
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
