import { type Judged, judgeCounted } from '../health/health.ts';
import type { Judgement } from '../health/judgement.ts';
import { EVENTS } from '../health/wording.ts';
import { type HealthParams, healthParams, trustedRule } from '../score/rule.ts';
import type { Guardrail, Spec } from '../spec/spec.ts';
import { evidenceBeside, judgedCategories } from '../verdict/budget.ts';
import { ALL_CATEGORIES, type FeatureEvidence } from '../verdict/evidence.ts';
import type { NotYet } from './allowance.ts';
import { effectOf, guardrailScope } from './guardrail.ts';

/** Finding about one guardrail. */
export interface GuardrailJudgement {
  metric: string;
  guardrail: Guardrail;
  judgement: Judgement;
  /** Events of control in all the evidence, and the bad ones among them. */
  control: { events: number; bad: number };
  /** Since when its metric is not read, in seconds since 1970; null: it is read, or the application reports it. */
  unreadSince: number | null;
  /** When the engine, which asked for a pause, is queried again for an unread metric; null: with the next tick. */
  asksAgainAt: Date | null;
  /** Why it may not roll back yet although its spec says rollback; null: it may, or its spec says otherwise. */
  notYet: NotYet | null;
}

type Limits = Pick<Spec, 'thresholds' | 'rollback' | 'guardrails'>;

/** Evidence of a feature's guardrails, by metric. */
export type Observed = ReadonlyMap<string, FeatureEvidence>;

/**
 * Counts the scores that share the budget of false rollbacks with errors over all: those with events or jobs of
 * treatment.
 */
export function scoresBeside(
  spec: Limits,
  jobs: FeatureEvidence,
  observed: Observed,
): { beside: number; others: number } {
  let beside = 0;
  for (const [metric, events] of observed) {
    const guardrail = spec.guardrails?.[metric];
    if (!guardrail || effectOf(guardrail) !== 'rollback' || events.finished === 0) continue;
    beside += 1 + judgedCategories(treatedCategories(events));
  }
  return { beside, others: judgedCategories(treatedCategories(jobs)) + beside };
}

/**
 * Judges one guardrail's events by the score that judges failed jobs. `others` is a count by `scoresBeside`; `now` in
 * seconds since 1970.
 */
export function judgeGuardrail(
  spec: Limits,
  { metric, guardrail }: Pick<GuardrailJudgement, 'metric' | 'guardrail'>,
  events: FeatureEvidence,
  others: number,
  now: number,
): Judged {
  const judged = judgeCounted(events, now, guardrailParams(spec, guardrail, others), EVENTS);
  return { ...judged, judgement: named(judged.judgement, metric) };
}

/** Returns control's counts in all the evidence. */
export function controlOf({ scopes }: FeatureEvidence): GuardrailJudgement['control'] {
  const { checkpoint = null, slices = [] } = scopes.get(ALL_CATEGORIES) ?? {};
  const control = {
    events: checkpoint?.ledger.totals.controlJobs ?? 0,
    bad: checkpoint?.ledger.totals.controlFailed ?? 0,
  };
  for (const { controlJobs, controlFailed } of slices) {
    control.events += controlJobs;
    control.bad += controlFailed;
  }
  return control;
}

/**
 * Returns when the newest slice with an event of treatment began, in seconds since 1970; null: there is none, or it is
 * before its checkpoint.
 */
export function newestEvent({ scopes }: FeatureEvidence): number | null {
  return scopes.get(ALL_CATEGORIES)?.slices.findLast(({ spans }) => spans > 0)?.startedAt ?? null;
}

/** Puts the guardrail's name into a judgement. */
export function named(judgement: Judgement, metric: string): Judgement {
  const category = judgement.scope === 'all' ? '' : `/${judgement.scope}`;
  return {
    ...judgement,
    scope: `${guardrailScope(metric)}${category}`,
    reason: `guardrail ${metric}: ${judgement.reason}`,
  };
}

/**
 * A guardrail warns when its limit is exceeded with less evidence than it needs to act; below its limit it warns
 * nobody.
 */
export function guardrailParams(spec: Limits, guardrail: Guardrail, others: number): HealthParams {
  const params = healthParams(spec);
  const { evidence } = trustedRule(params);
  const acts = effectOf(guardrail) === 'rollback';
  return {
    ...params,
    maxErrorRate: guardrail.limit,
    warningErrorRate: guardrail.limit,
    criticalErrorRate: Math.min(100, 2 * guardrail.limit),
    toleratedOdds: guardrail.than_control,
    ...(acts ? { evidence: evidenceBeside(evidence, Math.max(1, others)), shared: true } : {}),
  };
}

function treatedCategories({ scopes }: FeatureEvidence): number {
  return [...scopes].filter(
    ([category, { checkpoint, slices }]) =>
      category !== ALL_CATEGORIES &&
      ((checkpoint?.ledger.totals.spans ?? 0) > 0 || slices.some(({ spans }) => spans > 0)),
  ).length;
}
