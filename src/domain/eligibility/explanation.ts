import type { Exposure } from '../spec/spec.ts';
import { categoriesInBand } from './category.ts';
import { bucketsBelow, type Decision, type Subject } from './eligibility.ts';

/** A decision in one sentence with its numbers, for the person who asks why. */
export function explainDecision(
  feature: string,
  subject: Subject,
  spec: Exposure | null,
  decision: Decision,
): string {
  const who = subject.name && subject.name !== subject.id ? `${subject.name} (${subject.id})` : subject.id;
  return `${feature} is ${decision.eligible ? 'on' : 'off'} for ${who}: ${because(feature, subject, spec, decision)}`;
}

function because(feature: string, subject: Subject, spec: Exposure | null, decision: Decision): string {
  const percentage = decision.percentage ?? 0;
  switch (decision.reason) {
    case 'unknown':
      return `no feature is called ${feature}`;
    case 'env_stop':
      return 'an environment variable stops it in this process';
    case 'inactive':
      return 'it is switched off for everyone (active: false)';
    case 'emergency_stop':
      return 'it is stopped for everyone (emergency_stop: true)';
    case 'global_stop':
      return 'every feature is stopped (rollout stop --all)';
    case 'blacklist':
      return 'it is in the blacklist';
    case 'whitelist':
      return `it is in the whitelist${percentage > 0 ? '' : ', which counts at 0% too'}`;
    case 'not_whitelisted':
      return 'the strategy is whitelist, and it is not in it';
    case 'category':
      return `its category is ${subject.category ?? 'unknown'}, and only ${(spec?.categories ?? []).join(', ')} may be in`;
    case 'percentage': {
      const limit = bucketsBelow(percentage);
      const relation = decision.eligible ? 'below' : 'not below';
      return `its bucket ${decision.bucket} is ${relation} ${limit} (${percentage}% of 10000)`;
    }
    case 'uncategorized':
      return `it has no category, and at ${percentage}% only ${bandText(percentage)} are in`;
    case 'repository_size':
      return percentage >= 100
        ? 'at 100% every size is in'
        : `its category is ${subject.category ?? 'unknown'}, and at ${percentage}% ${bandText(percentage)} are in`;
  }
}

function bandText(percentage: number): string {
  return categoriesInBand(percentage).join(', ') || 'none';
}
