import { type Breach, onlyWaits, type Unproved } from '../../domain/policy/breach.ts';
import { durationText } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { counted, moment } from './words.ts';

/** Why a change is refused, and the ways out: one sentence without a full stop. */
export function policyText(feature: string, breaches: readonly Breach[]): string {
  const found = breaches.map(breachText).join('; ');
  if (onlyWaits(breaches)) return `waits for the policy: ${found}`;
  return `refused by the policy that was reconciled before it: ${found}; change the entry, or let it through: rollout allow ${feature} --reason "..."`;
}

/**
 * Describes how a list of test repositories would break the policy for a feature, in one sentence without a full stop.
 */
export function testsBreachText(feature: string, breach: Breach): string {
  if (breach.code === 'outside_hours') {
    return `policy: these test repositories raise ${feature} outside the hours of the policy, which begin at ${moment(breach.opens)} (${breach.zone}); once merged, the whole list waits until then, or let it through: rollout allow @test_repositories --reason "..."`;
  }
  return `policy: with these test repositories, in ${feature} ${breachText(breach)}; the list stays as it was; change it, or let it through: rollout allow @test_repositories --reason "..."`;
}

/** One breach of the policy, as a clause. */
export function breachText(breach: Breach): string {
  switch (breach.code) {
    case 'points':
      return `raises it by ${breach.points} points at once; at most ${breach.most} are allowed`;
    case 'subjects':
      return `${counted(breach.subjects, 'subject')} ${breach.subjects === 1 ? 'enters' : 'enter'} at once; at most ${breach.most} may`;
    case 'job_share':
      return `moves ${Math.round(breach.share * 100) / 100}% of the last week's jobs at once; at most ${breach.most}% may move`;
    case 'largest_category':
      return `repositories of the largest size, ${breach.category}, enter before all of ${breach.waiting.join(', ')} are in`;
    case 'missing_key':
      return MISSING[breach.key];
    case 'skips_steps':
      return `${pastStepsText(breach.to, breach.steps)}; take one step, or write skip_steps: true beside it`;
    case 'not_proved':
      return `it is not proved in ${harmless(breach.from, 100)}: ${unprovedText(breach.because)}`;
    case 'outside_hours':
      return `raises take effect in its hours, which begin at ${moment(breach.opens)} (${breach.zone})`;
  }
}

/** Why another environment proves nothing about a feature, and what would. */
export function unprovedText(because: Unproved): string {
  switch (because.code) {
    case 'unknown':
      return harmless(because.why, 300);
    case 'absent':
      return 'it has no such feature';
    case 'differs':
      return `${because.fields.join(', ')} ${because.fields.length === 1 ? 'differs' : 'differ'}; reconcile the same there first`;
    case 'off':
      return 'nobody is in there';
    case 'unhealthy':
      return `its last check there ${because.verdict === null ? 'is still to come' : 'was not healthy'}`;
    case 'old':
      return `its last check there is ${durationText(because.seconds)} old`;
    case 'young':
      return `it has been healthy there for ${durationText(because.seconds)} of ${durationText(because.soak)}`;
  }
}

/** `goes to 50% past its own steps 10%, 25%` */
export function pastStepsText(to: number, steps: readonly number[]): string {
  const named = steps.map((step) => `${step}%`).join(', ');
  return `goes to ${to}% past its own ${steps.length === 1 ? 'step' : 'steps'} ${named}`;
}

const MISSING = {
  owner: 'it has no owner, which is required',
  steps: 'it has no steps, which are required',
  rollback: 'its rollback.enabled is false, and rollback is required',
} as const;
