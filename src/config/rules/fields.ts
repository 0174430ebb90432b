import { error, type FeatureView, warning } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';

// Number of shown steps, enough to recognize the plan.
const STEPS_SHOWN = 10;

/** Reports fields of one feature that contradict each other. */
export function fieldRules(view: FeatureView): Finding[] {
  return [
    ...whitelistStrategy(view),
    ...customerCategories(view),
    ...idleCategories(view),
    ...noStep(view),
    ...unpricedBudget(view),
  ];
}

function whitelistStrategy({ path, written, spec }: FeatureView): Finding[] {
  if (spec.strategy !== 'whitelist' || written.percentage === undefined) return [];
  const found = `percentage is ${written.percentage} with strategy whitelist, which admits the whitelist alone`;
  return [error([...path, 'percentage'], `${found}; remove percentage, or use strategy percentage`)];
}

function customerCategories({ path, written, spec }: FeatureView): Finding[] {
  if (spec.subject !== 'customer') return [];
  const findings: Finding[] = [];
  if (spec.strategy === 'repository_size') {
    const message =
      'strategy is repository_size, but customers have no category; use percentage or whitelist';
    findings.push(error([...path, 'strategy'], message));
  }
  if (written.categories) {
    findings.push(
      error([...path, 'categories'], 'categories is given, but customers have no category; remove it'),
    );
  }
  return findings;
}

function idleCategories({ path, written, spec }: FeatureView): Finding[] {
  if (!written.categories || spec.subject === 'customer' || spec.strategy === 'percentage') return [];
  const message = `categories has no effect with strategy ${spec.strategy}; it filters strategy percentage`;
  return [warning([...path, 'categories'], message)];
}

function noStep({ path, written, spec }: FeatureView): Finding[] {
  const { percentage } = written;
  if (spec.strategy === 'whitelist' || spec.steps.length === 0 || !percentage) return [];
  const steps = spec.steps.map((step) => step.percentage);
  if (steps.includes(percentage)) return [];
  const shown = steps.slice(0, STEPS_SHOWN).join(', ') + (steps.length > STEPS_SHOWN ? ', …' : '');
  return [
    warning([...path, 'percentage'], `percentage is ${percentage}, which is none of the steps ${shown}`),
  ];
}

function unpricedBudget({ path, written, spec }: FeatureView): Finding[] {
  if (spec.budget === undefined || Object.keys(spec.costs).length > 0) return [];
  const at = written.budget ? [...path, 'budget'] : path;
  const origin = written.budget ? 'given' : 'given in defaults';
  return [error(at, `budget is ${origin}, but costs names no price to compare with; add costs`)];
}
