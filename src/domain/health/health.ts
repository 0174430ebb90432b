import type { EvidenceRow } from '../evidence/evidence.ts';
import { type HealthParams, healthParams, ruleOf } from '../score/rule.ts';
import type { Spec } from '../spec/spec.ts';
import { isGroup } from '../spec/subject-id.ts';
import type { Decision } from '../verdict/decide.ts';
import type { FeatureEvidence } from '../verdict/evidence.ts';
import { type FeatureDecision, judgeEvidence } from '../verdict/judge.ts';
import { silence } from '../verdict/not-whole.ts';
import { stormLimit } from '../verdict/storm.ts';
import {
  ALL,
  compareBadness,
  EMPTY_WINDOW,
  type FailingSubject,
  type Judgement,
  unjudged,
  windowOf,
} from './judgement.ts';
import { reasonSentence } from './sentence.ts';
import { judgeByThreshold, thresholdParams } from './threshold-rule.ts';
import { type Counted, JOBS, scopeText } from './wording.ts';

export type { EvidenceRow } from '../evidence/evidence.ts';
export type { HealthParams } from '../score/rule.ts';
export type { FeatureEvidence } from '../verdict/evidence.ts';
export type { Judgement, Verdict } from './judgement.ts';
export { unjudged } from './judgement.ts';
export { judgeByThreshold, thresholdParams } from './threshold-rule.ts';

/** All evidence of one epoch of a feature, for either analysis. */
export interface Evidence {
  /** Finished jobs, by a quarter of an hour and category: the input of the plain rule. */
  rows: readonly EvidenceRow[];
  /** The input of the score. */
  score: FeatureEvidence;
}

/** A scope whose score is over the limit; its worst subjects must be known before it acts. */
export type OverLimit = FeatureDecision['over'][number];

/** The judgement, and the scopes that are over their limit. */
export interface Judged {
  judgement: Judgement;
  over: OverLimit[];
  /** True: the evidence begins with a sum that does not suffice; judge again from all windows. */
  needsAllWindows: boolean;
}

/**
 * Judges the evidence of one epoch of a feature, over all categories and, if there are several, also each alone; the
 * worst judgement wins, or the one over all if equal. `now` in seconds since 1970.
 *
 * May be called at any time and as often as needed: the score allows for continuous looking. Never throws; evidence
 * that cannot be judged has the verdict `error`.
 */
export function judge(evidence: FeatureEvidence, now: number, params: HealthParams = {}): Judged {
  return judgeCounted(evidence, now, params, JOBS);
}

/** Judges evidence of any counted events, in their own words. */
export function judgeCounted(
  evidence: FeatureEvidence,
  now: number,
  params: HealthParams,
  of: Counted,
): Judged {
  const rule = ruleOf(params);
  const problem = typeof rule === 'string' ? rule : evidence.problem;
  if (typeof rule === 'string' || problem !== null)
    return { judgement: unjudged(problem ?? ''), over: [], needsAllWindows: false };
  const { decisions, ...more } = judgeEvidence(evidence, rule, now);
  const worst = worstOf(decisions);
  const { wrongArms, silentHosts } = evidence;
  // Harm is acted upon even if other evidence is in doubt.
  if (worst.verdict !== 'harmful') {
    const silent = silentHosts && silence(silentHosts, rule.maxErrorRate);
    if (wrongArms) return { judgement: inDoubt(worst, { code: 'ratio', arms: wrongArms }, now), ...more };
    if (silent) return { judgement: inDoubt(worst, { code: 'silent', hosts: silent }, now), ...more };
  }
  return { judgement: judgementOf(worst, now, of), ...more };
}

/**
 * Judges by the analysis that the feature's spec selects; `now` in seconds since 1970. `actingBeside`: number of
 * guardrail scores that share the budget of false rollbacks.
 */
export function judgeFeature(
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'rollback' | 'guardrails'>,
  { rows, score }: Evidence,
  now: number,
  actingBeside = 0,
): Judged {
  return spec.analysis === 'threshold'
    ? {
        judgement: judgeByThreshold(rows, thresholdParams(spec, Math.floor(now / 60))),
        over: [],
        needsAllWindows: false,
      }
    : judge(score, now, { ...healthParams(spec), actingBeside });
}

/** Too many features cross at once: this one freezes, and a person is notified. */
export function stormed(judgement: Judgement, liveFeatures: number): Judgement {
  const reason = { code: 'storm', judged: judgement.reason, limit: stormLimit(liveFeatures) } as const;
  return { ...judgement, verdict: 'suspect', reasonCode: 'storm', reason: reasonSentence(reason, 0) };
}

function worstOf(decisions: readonly Decision[]): Decision {
  const [first, ...others] = decisions;
  let worst = first as Decision;
  for (const one of others) {
    const difference = compareBadness(one, worst);
    const strongerTwin = difference === 0 && worst.category !== null && absoluteOf(one) > absoluteOf(worst);
    if (difference > 0 || strongerTwin) worst = one;
  }
  return worst;
}

function absoluteOf({ readings }: Decision): number {
  return readings.absolute.score;
}

function judgementOf(
  { category, verdict, severity, reason, readings, totals }: Decision,
  now: number,
  of: Counted = JOBS,
): Judgement {
  const { absolute, relative, warning, critical } = readings;
  return {
    verdict,
    reasonCode: reason.code,
    reason: scopeText(category) + reasonSentence(reason, Math.floor(now / 60), of),
    severity,
    scope: category ?? ALL,
    jobs: totals.finished,
    errors: totals.failed,
    scores: {
      absolute: absolute.score,
      relative: relative.score,
      warning: warning.score,
      critical: critical.score,
    },
    window:
      verdict === 'no_data'
        ? { ...EMPTY_WINDOW, controlJobs: totals.controlJobs, controlErrors: totals.controlFailed }
        : windowOf(absolute.run),
    ...(reason.code === 'few_subjects' && of === JOBS ? namedOf(reason.worst) : {}),
  };
}

/** A subject without an id cannot be taken out of a feature. */
function namedOf(worst: readonly FailingSubject[]): Pick<Judgement, 'worst'> {
  const named = worst.filter(({ subject }) => !isGroup(subject));
  return named.length > 0 ? { worst: named } : {};
}

/** The evidence is incomplete: the gate closes, but nothing is rolled back. */
function inDoubt(worst: Decision, reason: Decision['reason'], now: number): Judgement {
  return judgementOf({ ...worst, verdict: 'error', severity: 'error', reason }, now);
}
