import type { FileChangeResult } from '../../domain/change/file.ts';
import type {
  ChangeOutcome,
  CheckNote,
  NothingTaken,
  Obstacle,
  Refusal,
  RollbackOutcome,
  StopOutcome,
} from '../../domain/change/outcome.ts';
import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import type { RuleUse } from '../../domain/evidence/routes.ts';
import type { RoutingRule } from '../../domain/evidence/routing.ts';
import { calledBy, type Quarantined } from '../../domain/quarantine/quarantine.ts';
import { harmless } from '../../lib/text.ts';
import { reasonText } from './change-words.ts';
import { breachText } from './policy-words.ts';
import { titleText } from './request-words.ts';
import { advanceText } from './wait-words.ts';
import { counted, moment } from './words.ts';

/** The result for the file, as a clause after the title of the change. */
export function fileText(file: FileChangeResult, path: string): string {
  switch (file.state) {
    case 'committed':
      return `committed as ${file.commit.slice(0, 10)}`;
    case 'proposed':
      return file.pull_request === null ? `proposed on ${file.branch}` : `proposed in #${file.pull_request}`;
    case 'unchanged':
      return `${path} says so already`;
    case 'edited':
      return `${path} was edited`;
    case 'needs_person':
      return `waits on ${file.branch} for a person to open the pull request: ${file.compare}`;
  }
}

/** Why a change is not live: a clause without a full stop. */
export function obstacleText(obstacle: Obstacle): string {
  switch (obstacle.code) {
    case 'declined':
      return 'nothing was changed';
    case 'gate':
      return advanceText(obstacle.gate);
    case 'nothing_held':
      return 'nothing is held that could be resumed';
    case 'merge':
      return `waits until a person merges ${obstacle.branch ?? 'the write-back'}`;
    case 'open_and_merge':
      return `waits until a person opens and merges the pull request, which we may not open (${obstacle.why}): ${obstacle.compare}`;
    case 'not_reconciled':
      return `not reconciled: ${refusalText(obstacle.refusal)}`;
    case 'kept':
      return reasonText(obstacle.reason);
    case 'file_error':
      return `line ${obstacle.line}: ${obstacle.message}`;
    case 'everything_stopped':
      return `everything is stopped (${obstacle.reason}); to lift the global stop, run: rollout resume --all --reason ...`;
    case 'stays_stopped':
      return `${obstacleText(obstacle.until)}; everything stays stopped until then: run rollout resume --all once more after the merge`;
    case 'write_back_refused':
      return obstacle.refusal.message;
    case 'write_back_pending':
      return obstacle.error ?? 'it is not written back yet';
  }
}

/** The message of a refusal, and what to do about it. */
export function refusalText({ message, hint }: Refusal): string {
  return hint === null ? message : `${message}; ${hint}`;
}

/** Why a rollback reduced no exposure, as a clause after "because". */
export function nothingText(feature: string, nothing: NothingTaken): string {
  switch (nothing.code) {
    case 'unknown_feature':
      return `there is no feature ${feature}`;
    case 'changed_meanwhile':
      return 'it was changed meanwhile';
    case 'off':
      return 'it is off already';
    case 'not_above':
      return `it is at ${nothing.percentage}%, which is not above ${nothing.to}%`;
  }
}

/** The effect of a rollback in the database, in a sentence. */
export function rolledBackSentence(outcome: RollbackOutcome): string {
  const { feature, incident, nothing, from, to } = outcome;
  if (nothing) return `${feature}: nothing was rolled back, because ${nothingText(feature, nothing)}`;
  const now = to === null ? 'off for everyone' : `at ${to}%`;
  return `${feature} is rolled back from ${from}%, and now ${now} (incident ${incident})`;
}

/** Subjects that the database still admits although the feature was switched off, in a sentence; null: none. */
export function stillAdmittedText({ feature, incident, to, eligible }: RollbackOutcome): string | null {
  if (incident === null || to !== null || !eligible) return null;
  return `the database still admits ${counted(eligible, 'subject')}; run: rollout stop ${feature} --reason "..."`;
}

/** Why the file does not reflect the database yet. */
export function pendingText(pending: Obstacle): string {
  return `the file does not say so yet: ${obstacleText(pending)}`;
}

/** The effects of a stop, one sentence each. */
export function stopTexts({ feature, stopped, already_off }: StopOutcome): string[] {
  return [
    ...(feature === null ? ['every feature is stopped, and so are those that are added later'] : []),
    ...stopped.map((name) => `${name} is stopped`),
    ...already_off.map((name) => `${name} was stopped already`),
  ];
}

/** The effect of lifting the global stop. */
export const UNLATCHED = 'the global stop is lifted';

/** A feature that a resume left unchanged. */
export function skippedText({ feature, refusal }: { feature: string; refusal: Refusal }): string {
  return `${feature} stays held: ${refusalText(refusal)}`;
}

/** More about the result of a health check, as a clause. */
export function noteText(feature: string, note: CheckNote): string {
  switch (note.code) {
    case 'rollback_disabled':
      return 'rollback.enabled is false';
    case 'nothing_taken':
      return nothingText(feature, note.nothing);
    case 'incident':
      return `incident ${note.incident}`;
    case 'quarantined':
      return `${note.subjects.map((one) => harmless(one)).join(', ')}; resume with: rollout resume ${note.feature} --subject ID --reason "..."`;
    case 'quarantine_full':
      return `at most ${note.most} subjects are put into quarantine in an epoch, so the ramp is frozen`;
    case 'step':
      return `to ${note.to}%${note.pull_request === null ? '' : ` in #${note.pull_request}`}`;
    case 'step_by_person':
      return `to ${note.to}%, when a person has opened the pull request: ${note.compare}`;
    case 'step_refused':
      return `not to ${note.to}%, because the policy refuses it: ${note.breaches.map(breachText).join('; ')}`;
    case 'step_failed':
      return `the file could not be changed: ${note.error}`;
    case 'step_not_withdrawn':
      return `the proposal of the next step could not be withdrawn: ${note.error}`;
  }
}

/** Features whose rows agreed with the file and were never reconciled. */
export function adoptedText(adopted: readonly string[]): string {
  return `adopted ${counted(adopted.length, 'feature')} that already ${adopted.length === 1 ? 'matches' : 'match'} the file`;
}

/** Why a change is not live yet, with its title; null: it is live. */
export function notLiveText({ requested, obstacle }: ChangeOutcome): string | null {
  return obstacle && `${titleText(requested)}: not live yet: ${obstacleText(obstacle)}`;
}

/** Names in a list that match no subject. */
export function unmatchedText(subject: string, unmatched: readonly string[]): string {
  const names = unmatched.map((name) => harmless(name)).join(', ');
  return `no ${subject} named ${names} (misspelled, or not imported yet)`;
}

/** A processor whose jobs some processes route to the fallback, for a status and a page. */
export function breakerText({ processor, open, half_open }: Omit<BrokenProcessor, 'feature'>): string {
  const probing = half_open > 0 ? `, ${counted(half_open, 'process', 'processes')} of them probing it` : '';
  return `breaker of ${harmless(processor, 100)}: jobs go to the fallback in ${counted(open + half_open, 'process', 'processes')}${probing}`;
}

const RULES: Readonly<Record<RoutingRule, string>> = {
  recent: 'recent days',
  small_batch: 'small batch',
  manual: 'manual',
  historical: 'older days',
  large_batch: 'large batch',
  scheduled: 'scheduled',
  default: 'no other rule',
  breaker: 'breaker open',
  not_eligible: 'not eligible',
};

/** A routing rule in a table. */
export function ruleText(rule: RoutingRule): string {
  return RULES[rule];
}

/** When a routing rule last decided; a rule that did not decide in this epoch is pointed out. */
export function ruleLastText({ epoch, last_day }: Pick<RuleUse, 'epoch' | 'last_day'>): string {
  if (epoch > 0 && last_day !== null) return last_day;
  return last_day === null ? 'never in this epoch' : `never in this epoch, before it ${last_day}`;
}

/** A subject in quarantine, for a plan, a status and a page. */
export function quarantineText(one: Quarantined): string {
  const { feature, jobs, failed, began_at, write_back, write_back_pull_request } = one;
  const file =
    write_back === 'done'
      ? 'the file blacklists it'
      : write_back_pull_request === null
        ? 'the file does not say so yet'
        : `#${write_back_pull_request} blacklists it in the file`;
  return `${harmless(calledBy(one), 255)} is in quarantine of ${harmless(feature, 255)} since ${moment(began_at)} (${failed} of ${jobs} jobs failed; ${file}); resume with: rollout resume ${harmless(feature, 255)} --subject ${harmless(one.subject, 255)} --reason "..."`;
}

/** The result of a resume of one subject. */
export function resumedSubjectText({
  feature,
  subject,
  released,
}: {
  feature: string;
  subject: string;
  released: boolean;
}): string {
  return released
    ? `${harmless(subject, 255)} is out of quarantine of ${harmless(feature, 255)}; it is in again where the reconciled file admits it`
    : `${harmless(subject, 255)} stays in quarantine of ${harmless(feature, 255)}`;
}
