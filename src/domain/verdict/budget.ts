import type { Rule } from '../score/rule.ts';

/** Share of the budget of false rollbacks that errors over all categories have where something else is judged too. */
const OVER_ALL = 1 / 2;

/**
 * The rule of one of the scores that may act. A score of weight w acts at evidence / w, and the weights add up to at
 * most 1: however many scores are looked at, all of them together roll back a feature that is exactly at its limits
 * no more often than one of weight 1 (a union bound). Of errors over all it is 1/2, and the categories and the scores of
 * guardrails that may act share the rest; where fewer than two categories have jobs and no guardrail acts, errors over
 * all is all that may act and has the weight 1.
 */
export function ruleOver(rule: Rule, categories: number, scope: 'all' | 'category'): Rule {
  const others = judgedCategories(categories) + rule.actingBeside;
  if (others === 0 || rule.shared) return rule;
  return {
    ...rule,
    evidence: scope === 'all' ? rule.evidence / OVER_ALL : evidenceBeside(rule.evidence, others),
    // A warning costs nobody anything but a look: each category pays for being one of several, errors over all do not.
    warningEvidence: scope === 'all' ? rule.warningEvidence : rule.warningEvidence * categories,
  };
}

/** The evidence at which each of `others` acts beside errors over all. */
export function evidenceBeside(evidence: number, others: number): number {
  return evidence / ((1 - OVER_ALL) / others);
}

/** The only category is all of them. */
export function judgedCategories(categories: number): number {
  return categories < 2 ? 0 : categories;
}
