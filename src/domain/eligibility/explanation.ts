import { quoted } from '../../lib/text.ts';
import { attributesOf } from '../spec/audience/audience.ts';
import type { Exposure } from '../spec/spec.ts';
import { categoriesInBand } from './category.ts';
import { bucketsBelow, type Decision, type Subject } from './eligibility.ts';

/** Explains a decision in one sentence with its numbers. */
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
    case 'unknown_attribute':
      return unknownText(subject, spec);
    case 'attribute':
      return attributeText(subject, spec);
    case 'percentage': {
      const limit = bucketsBelow(percentage);
      const relation = decision.eligible ? 'below' : 'not below';
      return `${groupText(subject, spec)} bucket ${decision.bucket} is ${relation} ${limit} (${percentage}% of 10000)`;
    }
    case 'uncategorized':
      return `it has no category, and at ${percentage}% only ${bandText(percentage)} are in`;
    case 'repository_size':
      return percentage >= 100
        ? 'at 100% every size is in'
        : `its category is ${subject.category ?? 'unknown'}, and at ${percentage}% ${bandText(percentage)} are in`;
  }
}

/** Returns `its`, or names the group whose bucket the subject shares. */
function groupText({ facts }: Subject, spec: Exposure | null): string {
  const group = spec?.group_by;
  return group === undefined
    ? 'its'
    : `its ${group} ${quoted(facts?.[group] ?? '')} is all in or all out, and its`;
}

function unknownText({ facts }: Subject, spec: Exposure | null): string {
  const missing = attributesOf(spec ?? {}).filter((name) => !facts || !Object.hasOwn(facts, name));
  return `the registry knows no ${missing.join(' and no ')} of it`;
}

/** Names the first attribute that excludes the subject. */
function attributeText({ facts }: Subject, spec: Exposure | null): string {
  const value = (name: string) => facts?.[name] ?? '';
  for (const [name, values] of Object.entries(spec?.where ?? {})) {
    if (!values.includes(value(name))) {
      return `its ${name} is ${quoted(value(name))}, and only ${values.map((one) => quoted(one)).join(', ')} may be in`;
    }
  }
  const [name = ''] =
    Object.entries(spec?.not ?? {}).find(([not, values]) => values.includes(value(not))) ?? [];
  return `its ${name} is ${quoted(value(name))}, which may not be in`;
}

function bandText(percentage: number): string {
  return categoriesInBand(percentage).join(', ') || 'none';
}
