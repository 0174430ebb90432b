import type { Rule } from '../score/rule.ts';

/** Share of the budget of false rollbacks that errors over all categories have where categories are judged too. */
const OVER_ALL = 1 / 2;

/**
 * The rule of one of the scores that may act. A score of weight w acts at evidence / w, and the weights add up to at
 * most 1: however many scores are looked at, all of them together roll back a feature that is exactly at its limits
 * no more often than one of weight 1 (a union bound). Of errors over all it is 1/2, and the categories share the
 * rest; where fewer than two categories have jobs, errors over all is all that may act and has the weight 1.
 */
export function ruleOver(rule: Rule, categories: number, scope: 'all' | 'category'): Rule {
  if (categories < 2) return rule;
  const weight = scope === 'all' ? OVER_ALL : (1 - OVER_ALL) / categories;
  return {
    ...rule,
    evidence: rule.evidence / weight,
    // A warning costs nobody anything but a look: each category pays for being one of several, errors over all do not.
    warningEvidence: scope === 'all' ? rule.warningEvidence : rule.warningEvidence * categories,
  };
}
