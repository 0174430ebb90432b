import { BUCKET_MINUTES } from '../evidence/evidence.ts';
import type { Spec } from '../spec/spec.ts';

/** What a judgement may be told. Everything is optional; rates are percent. */
export interface HealthParams {
  /** Percent of finished treatment jobs that may fail. Default 5. */
  maxErrorRate?: number;
  /** Percent. Default half of `maxErrorRate`. */
  warningErrorRate?: number;
  /** Percent. Default twice `maxErrorRate`, at most 100. */
  criticalErrorRate?: number;
  /** Treatment jobs a window needs before anything is said from it. Default 10. */
  minimumJobs?: number;
  /** Treatment errors a window needs before anything is said from it. Default 3. */
  minimumErrors?: number;
  /** Jobs per independent outcome, 1 or more. Default 1. */
  designEffect?: number;
  /** Odds of failure of treatment over control that are tolerated. Default 2. */
  oddsRatio?: number;
  /** Evidence, as odds to 1, that proves. Default 2000. */
  evidence?: number;
  /** Evidence, as odds to 1, that warns. Default 100. */
  warningEvidence?: number;
  /** Minutes within which the arms are compared; a multiple of 15. Default 60. */
  blockMinutes?: number;
  /** The verdict on an outage that control shares. Default `suspect`. */
  sharedOutage?: 'suspect' | 'harmful';
}

/** Params with every default filled in. */
export type Rule = Required<HealthParams>;

/** The rule of these params, or a clause that says which of them is impossible. */
export function ruleOf(params: HealthParams = {}): Rule | string {
  const maxErrorRate = params.maxErrorRate ?? 5;
  const rule: Rule = {
    maxErrorRate,
    warningErrorRate: params.warningErrorRate ?? maxErrorRate / 2,
    criticalErrorRate: params.criticalErrorRate ?? Math.min(100, maxErrorRate * 2),
    minimumJobs: params.minimumJobs ?? 10,
    minimumErrors: params.minimumErrors ?? 3,
    designEffect: params.designEffect ?? 1,
    oddsRatio: params.oddsRatio ?? 2,
    evidence: params.evidence ?? 2000,
    warningEvidence: params.warningEvidence ?? 100,
    blockMinutes: params.blockMinutes ?? 60,
    sharedOutage: params.sharedOutage ?? 'suspect',
  };
  return problemOf(rule) ?? rule;
}

function problemOf(rule: Rule): string | null {
  for (const rate of ['maxErrorRate', 'warningErrorRate', 'criticalErrorRate'] as const) {
    if (!(rule[rate] >= 0 && rule[rate] <= 100)) return `${rate} is ${rule[rate]}, not 0 to 100 percent`;
  }
  for (const count of ['minimumJobs', 'minimumErrors'] as const) {
    if (!(rule[count] >= 0 && rule[count] < Infinity))
      return `${count} is ${rule[count]}, not a number of 0 or more`;
  }
  if (!(rule.designEffect >= 1 && rule.designEffect < Infinity)) {
    return `designEffect is ${rule.designEffect}, not a number of 1 or more`;
  }
  for (const odds of ['evidence', 'warningEvidence'] as const) {
    if (!(rule[odds] > 1 && rule[odds] < Infinity)) return `${odds} is ${rule[odds]}, not a number above 1`;
  }
  if (!(rule.oddsRatio > 0 && rule.oddsRatio < Infinity))
    return `oddsRatio is ${rule.oddsRatio}, not above 0`;
  if (!(rule.blockMinutes > 0 && rule.blockMinutes % BUCKET_MINUTES === 0)) {
    return `blockMinutes is ${rule.blockMinutes}, not a multiple of ${BUCKET_MINUTES}`;
  }
  if (rule.sharedOutage !== 'suspect' && rule.sharedOutage !== 'harmful') {
    return `sharedOutage is ${rule.sharedOutage}, not suspect or harmful`;
  }
  return null;
}

/** The params that a feature's spec asks for. */
export function healthParams(spec: Pick<Spec, 'thresholds' | 'rollback'>): HealthParams {
  const { thresholds, rollback } = spec;
  return {
    maxErrorRate: thresholds.max_error_rate,
    warningErrorRate: thresholds.warning_error_rate,
    criticalErrorRate: thresholds.critical_error_rate,
    minimumJobs: thresholds.minimum_jobs,
    designEffect: thresholds.design_effect,
    sharedOutage: rollback.on_shared_outage === 'rollback' ? 'harmful' : 'suspect',
  };
}
