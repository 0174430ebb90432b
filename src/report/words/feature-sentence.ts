import type { FeatureState } from '../../domain/report/feature-state.ts';
import type { FileAhead, NextWay, ReportNext, WaitingState } from '../../domain/report/next.ts';
import { type ReportFeature, unresolved } from '../../domain/report/report.ts';
import { durationText } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { audienceText } from './audience-words.ts';
import { waitText } from './wait-words.ts';
import { capital, counted, moment, share } from './words.ts';

const LONGEST_REASON = 300;

/** Facts for the sentence about a state. */
export type StateFacts = Pick<
  ReportFeature,
  | 'subject'
  | 'strategy'
  | 'percentage'
  | 'narrowing'
  | 'state'
  | 'since'
  | 'stopped_by'
  | 'eligible'
  | 'total'
> & {
  health: Pick<ReportFeature['health'], 'verdict'>;
  incidents: readonly Pick<ReportFeature['incidents'][number], 'kind' | 'state' | 'reason'>[];
};

/** Describes what is live, since when, and its health. */
export function stateSentence(facts: StateFacts): string {
  const { state, since, stopped_by } = facts;
  const incident = unresolved(facts.incidents);
  if (state === 'stopped') {
    if (!stopped_by) return `Stopped by the file since ${moment(since)}. Nobody is in.`;
    return `Stopped since ${moment(since)} by ${harmless(stopped_by.by)}: ${reasonText(stopped_by.reason)}. Nobody is in.`;
  }
  if (state === 'held' && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. ${liveText(facts)}`;
  }
  if (state === 'rolled_back' && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. The file agrees. Nobody is in.`;
  }
  if (state === 'off') return `Off since ${moment(since)}. Nobody is in.`;
  const { verdict } = facts.health;
  return `${liveText(facts)} ${capital(verdict ? reasonText(verdict.reason) : 'not judged yet')}.`;
}

const TAKEN = {
  rollback: 'Rolled back',
  emergency_stop: 'Stopped',
  drift: 'Reduced by hand',
} as const;

/** `Live at 25% (only plan pro): 312 of 1,250 repositories (24.96%).` */
function liveText({ subject, strategy, percentage, narrowing = {}, eligible, total }: StateFacts): string {
  const people = subject === 'repository' ? 'repositories' : 'customers';
  const one = subject === 'repository' ? 'repository' : 'customer';
  const of = `${counted(eligible, one, people)} of ${counted(total, one, people).replace(/ .*/, '')}`;
  const audience = audienceText(narrowing);
  const among = audience === null ? '' : ` (${audience})`;
  if (eligible === 0 && total > 0) return `Nobody is in${among}.`;
  const where =
    strategy === 'whitelist'
      ? 'for the whitelist'
      : `at ${percentage}%${strategy === 'repository_size' ? ' by size' : ''}`;
  return `Live ${where}${among}: ${of} (${share(eligible, total)}).`;
}

/** Describes what happens next, when, and what it waits for. */
export function nextSentence(feature: string, { percentage, at, what }: ReportNext): string {
  const goOn = `To go on: rollout resume ${feature} --reason "..."`;
  switch (what.code) {
    case 'everything_stopped':
      return 'Everything is stopped; to go on: rollout resume --all --reason "..."';
    case 'stopped_by_file':
      return 'Nothing, until somebody removes emergency_stop from rollout.yaml.';
    case 'resume':
      return what.incident === null
        ? `Nothing raises it by itself. ${goOn}`
        : `Nothing raises it while incident ${what.incident} is open.${fileText(what.file)} ${goOn}`;
    case 'off':
      return 'Nothing, until somebody switches it on in rollout.yaml.';
    case 'no_steps':
      return 'Nothing by itself: the file has no steps.';
    case 'last_step':
      return 'Nothing more: this is the last step.';
    case 'ready':
      return `${percentage}% is next and may come now: ${WAYS[what.way]}.`;
    case 'soak': {
      const besides = what.besides
        ? ` It also waits: ${harmless(waitText(what.besides), LONGEST_REASON)}.`
        : '';
      return `${percentage}% is next, not before ${at ? moment(at) : 'the soak is over'} (${soakText(what.left_seconds)}) and only if it stays healthy; ${WAYS[what.way]}.${besides}`;
    }
    case 'state':
      return `${percentage}% is next; it waits ${UNTIL[what.state]}.`;
    case 'gate':
      return `${percentage}% is next; it waits: ${gateText(what.wait)}.`;
  }
}

/** Describes in a few words what the next step waits for; null if it waits for nothing. */
export function waitsForText({ what }: ReportNext): string | null {
  switch (what.code) {
    case 'everything_stopped':
    case 'stopped_by_file':
    case 'resume':
      return 'a person';
    case 'off':
    case 'no_steps':
    case 'last_step':
      return null;
    case 'ready':
      return what.way === 'manual' ? 'a person' : null;
    case 'soak':
      return soakText(what.left_seconds);
    case 'state':
      return UNTIL[what.state];
    case 'gate':
      return gateText(what.wait);
  }
}

function fileText(file: FileAhead | null): string {
  switch (file?.code) {
    case 'proposed':
      return ` The file still asks for more: pull request #${file.pull_request} brings it in line.`;
    case 'pending':
      return ' rollout.yaml has still to be brought in line.';
    default:
      return '';
  }
}

function soakText(seconds: number): string {
  return `${durationText(seconds)} of the soak left`;
}

function gateText(wait: Parameters<typeof waitText>[0] | null): string {
  return wait === null ? 'a tick' : harmless(waitText(wait), LONGEST_REASON);
}

/** The problem is in the preceding sentence. */
const UNTIL: Readonly<Record<WaitingState, string>> = {
  harmful: 'until it is healthy again',
  error: 'until it can be judged again',
  suspect: 'until a person has looked and it is healthy again',
  warning: 'until it is healthy again',
  no_data: 'for finished jobs',
  gathering: 'for enough finished jobs',
} satisfies Partial<Record<FeatureState, string>>;

const WAYS: Readonly<Record<NextWay, string>> = {
  manual: 'a person runs rollout advance',
  pull_request: 'the controller opens a pull request',
  commit: 'the controller commits it',
};

function reasonText(reason: string): string {
  return harmless(reason, LONGEST_REASON).replace(/\.$/, '');
}
