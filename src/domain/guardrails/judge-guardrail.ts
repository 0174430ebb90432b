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
  /** Since when its metric is not read, in seconds since 1970; null: it is read, or comes by itself. */
  unreadSince: number | null;
  /** When an engine that wants a pause is asked again for what is not read; null: with the next tick. */
  asksAgainAt: Date | null;
  /** Why it may not roll back yet although its spec says so; null: it may, or its spec does not. */
  notYet: NotYet | null;
}

type Limits = Pick<Spec, 'thresholds' | 'rollback' | 'guardrails'>;

/** What a feature's guardrails rest on, by metric. */
export type Observed = ReadonlyMap<string, FeatureEvidence>;

/** How many scores share the budget of false rollbacks with errors over all: those with events or jobs of treatment. */
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
 * Judges the events of one guardrail by the score that judges failed jobs. `others` as `scoresBeside` counts them;
 * `now` in seconds since 1970.
 */
export function judgeGuardrail(
  spec: Limits,
  { metric, guardrail }: Pick<GuardrailJudgement, 'metric' | 'guardrail'>,
  events: FeatureEvidence,
  others: number,
  now: number,
): Judged {
  const { judgement, over } = judgeCounted(events, now, guardrailParams(spec, guardrail, others), EVENTS);
  return { judgement: named(judgement, metric), over };
}

/** What control had of all the evidence. */
export function controlOf({ scopes }: FeatureEvidence): GuardrailJudgement['control'] {
  const control = { events: 0, bad: 0 };
  for (const { controlJobs, controlFailed } of scopes.get(ALL_CATEGORIES)?.slices ?? []) {
    control.events += controlJobs;
    control.bad += controlFailed;
  }
  return control;
}

/** When the newest slice with an event of treatment began, in seconds since 1970; null: there is none. */
export function newestEvent({ scopes }: FeatureEvidence): number | null {
  return scopes.get(ALL_CATEGORIES)?.slices.findLast(({ spans }) => spans > 0)?.startedAt ?? null;
}

/** A judgement under the name of its guardrail. */
export function named(judgement: Judgement, metric: string): Judgement {
  const category = judgement.scope === 'all' ? '' : `/${judgement.scope}`;
  return {
    ...judgement,
    scope: `${guardrailScope(metric)}${category}`,
    reason: `guardrail ${metric}: ${judgement.reason}`,
  };
}

/** Its warning is that the limit is exceeded, at less evidence than it acts upon: below its limit nobody is warned. */
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
    ([category, { slices }]) => category !== ALL_CATEGORIES && slices.some(({ spans }) => spans > 0),
  ).length;
}
