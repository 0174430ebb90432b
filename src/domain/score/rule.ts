import type { Spec } from '../spec/spec.ts';
import { TOLERATED_ODDS } from './relative.ts';

/** Parameters of a judgement. All are optional; rates are percentages. */
export interface HealthParams {
  /** Percentage of treatment jobs that may fail. Default 5. */
  maxErrorRate?: number;
  /** Error rate of a warning, in percent. Default half of `maxErrorRate`. */
  warningErrorRate?: number;
  /** Critical error rate, in percent. Default twice `maxErrorRate`, at most 100. */
  criticalErrorRate?: number;
  /** Finished treatment jobs that a run needs before it counts. Default 10. */
  minimumJobs?: number;
  /** Spans with a failure that a run needs before it counts. Default 3. */
  minimumErrors?: number;
  /** Evidence, as odds to 1, at which a score of weight 1 acts. Default 5,000. */
  evidence?: number;
  /** Evidence, as odds to 1, at which a score warns. Default 1,000. */
  warningEvidence?: number;
  /** Verdict on an outage that control shares. Default `suspect`. */
  sharedOutage?: 'suspect' | 'harmful';
  /** Verdict on a score of which little remains without its worst subjects. Default `suspect`. */
  fewSubjects?: 'suspect' | 'harmful';
  /** Tolerated ratio of treatment's odds of failing to control's. Default 2. */
  toleratedOdds?: number;
  /** Number of guardrail scores that may roll back and share the budget with the categories. Default 0. */
  actingBeside?: number;
  /**
   * True: `evidence` already includes the share of the budget, the same for all categories together and for each.
   * Default false.
   */
  shared?: boolean;
}

/** Params with every default filled in. */
export type Rule = Required<HealthParams>;

/** Returns the rule of these params, or a clause that names an impossible one. */
export function ruleOf(params: HealthParams = {}): Rule | string {
  const maxErrorRate = params.maxErrorRate ?? 5;
  const rule: Rule = {
    maxErrorRate,
    warningErrorRate: params.warningErrorRate ?? maxErrorRate / 2,
    criticalErrorRate: params.criticalErrorRate ?? Math.min(100, maxErrorRate * 2),
    minimumJobs: params.minimumJobs ?? 10,
    minimumErrors: params.minimumErrors ?? 3,
    evidence: params.evidence ?? 5_000,
    warningEvidence: params.warningEvidence ?? 1_000,
    sharedOutage: params.sharedOutage ?? 'suspect',
    fewSubjects: params.fewSubjects ?? 'suspect',
    toleratedOdds: params.toleratedOdds ?? TOLERATED_ODDS,
    actingBeside: params.actingBeside ?? 0,
    shared: params.shared ?? false,
  };
  return problemOf(rule) ?? rule;
}

function problemOf(rule: Rule): string | null {
  for (const rate of ['maxErrorRate', 'warningErrorRate', 'criticalErrorRate'] as const) {
    if (!(rule[rate] >= 0 && rule[rate] <= 100)) return `${rate} is ${rule[rate]}, not 0 to 100 percent`;
  }
  for (const count of ['minimumJobs', 'minimumErrors', 'toleratedOdds', 'actingBeside'] as const) {
    if (!(rule[count] >= 0 && rule[count] < Infinity))
      return `${count} is ${rule[count]}, not a number of 0 or more`;
  }
  for (const odds of ['evidence', 'warningEvidence'] as const) {
    if (!(rule[odds] > 1 && rule[odds] < Infinity)) return `${odds} is ${rule[odds]}, not a number above 1`;
  }
  for (const excuse of ['sharedOutage', 'fewSubjects'] as const) {
    if (rule[excuse] !== 'suspect' && rule[excuse] !== 'harmful')
      return `${excuse} is ${rule[excuse]}, not suspect or harmful`;
  }
  return null;
}

/** Params with every default filled in; throws RangeError on impossible ones. */
export function trustedRule(params: HealthParams = {}): Rule {
  const rule = ruleOf(params);
  if (typeof rule === 'string') throw new RangeError(rule);
  return rule;
}

/** Returns the params from a feature's spec. */
export function healthParams(spec: Pick<Spec, 'thresholds' | 'rollback'>): HealthParams {
  const { thresholds, rollback } = spec;
  return {
    maxErrorRate: thresholds.max_error_rate,
    warningErrorRate: thresholds.warning_error_rate,
    criticalErrorRate: thresholds.critical_error_rate,
    minimumJobs: thresholds.minimum_jobs,
    sharedOutage: rollback.on_shared_outage === 'rollback' ? 'harmful' : 'suspect',
    fewSubjects: rollback.few_subjects === 'rollback' ? 'harmful' : 'suspect',
  };
}
