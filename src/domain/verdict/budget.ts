import type { Rule } from '../score/rule.ts';

/** Share of the budget of false rollbacks for errors over all categories, if other scores share the budget. */
const OVER_ALL = 1 / 2;

/**
 * Returns the rule of one of the scores that may act. A score of weight w acts at evidence / w, and the weights add up
 * to at most 1: however many scores there are, together they roll back a feature that is exactly at its limits no more
 * often than one score of weight 1 (a union bound). Errors over all have the weight 1/2; the categories and the scores
 * of guardrails that may act share the rest. If fewer than two categories have jobs and no guardrail acts, errors over
 * all have the weight 1.
 */
export function ruleOver(rule: Rule, categories: number, scope: 'all' | 'category'): Rule {
  const others = judgedCategories(categories) + rule.actingBeside;
  if (others === 0 || rule.shared) return rule;
  return {
    ...rule,
    evidence: scope === 'all' ? rule.evidence / OVER_ALL : evidenceBeside(rule.evidence, others),
    // A warning only costs somebody a look. Categories share its evidence, because they are several; errors over all
    // do not.
    warningEvidence: scope === 'all' ? rule.warningEvidence : rule.warningEvidence * categories,
  };
}

/** Returns the evidence at which each of `others` acts, beside errors over all. */
export function evidenceBeside(evidence: number, others: number): number {
  return evidence / ((1 - OVER_ALL) / others);
}

/** A single category is not judged on its own, because it equals all of them. */
export function judgedCategories(categories: number): number {
  return categories < 2 ? 0 : categories;
}
