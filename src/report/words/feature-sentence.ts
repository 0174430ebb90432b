import { nextStep } from '../../domain/health/advance.ts';
import type { FeatureState } from '../../domain/report/feature-state.ts';
import type { ReportIncident, ReportNext } from '../../domain/report/report.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { durationText } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { counted, moment, share } from './words.ts';

const LONGEST_REASON = 300;

/** What the sentences tell of. */
export interface SentenceFacts {
  feature: string;
  spec: Pick<Spec, 'subject' | 'strategy' | 'percentage' | 'steps' | 'advance' | 'rollback'>;
  state: FeatureState;
  since: Date;
  eligible: number;
  total: number;
  verdict: { verdict: string; reason: string } | null;
  global_stop: { reason: string; by: string } | null;
  incident: Pick<
    ReportIncident,
    'id' | 'kind' | 'state' | 'reason' | 'opened_by' | 'write_back' | 'write_back_pull_request'
  > | null;
  freezeUntil: string | null;
  /** What the gate says, and the seconds of the soak that are left. */
  advance: string | null;
  soakLeft: number;
  ready: boolean;
  now: Date;
}

/** What is live, since when, and how it fares. */
export function stateSentence(facts: SentenceFacts): string {
  const { state, since, verdict, incident, global_stop } = facts;
  if (state === 'stopped') {
    const stop = incident ? { reason: incident.reason, by: incident.opened_by } : global_stop;
    if (!stop) return `Stopped by the file since ${moment(since)}. Nobody is in.`;
    return `Stopped since ${moment(since)} by ${harmless(stop.by)}: ${reasonText(stop.reason)}. Nobody is in.`;
  }
  if (state === 'held' && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. ${liveText(facts)}`;
  }
  if (state === 'rolled_back' && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. The file agrees. Nobody is in.`;
  }
  if (state === 'off') return `Off since ${moment(since)}. Nobody is in.`;
  const said = verdict ? reasonText(verdict.reason) : 'not judged yet';
  return `${liveText(facts)} ${capital(said)}.`;
}

const TAKEN = {
  rollback: 'Rolled back',
  emergency_stop: 'Stopped',
  drift: 'Made narrower by hand',
} as const;

/** `Live at 25% for 312 of 1,250 repositories (24.96%).` */
function liveText({ spec, eligible, total }: SentenceFacts): string {
  const people = spec.subject === 'repository' ? 'repositories' : 'customers';
  const one = spec.subject === 'repository' ? 'repository' : 'customer';
  const of = `${counted(eligible, one, people)} of ${counted(total, one, people).replace(/ .*/, '')}`;
  if (eligible === 0 && total > 0) return 'Nobody is in.';
  const where =
    spec.strategy === 'whitelist'
      ? 'for the whitelist'
      : `at ${spec.percentage}%${spec.strategy === 'repository_size' ? ' by size' : ''}`;
  return `Live ${where}: ${of} (${share(eligible, total)}).`;
}

/** What happens next, when, and what it waits for. */
export function nextOf(facts: SentenceFacts): ReportNext {
  const { state, spec, advance, soakLeft, now, ready, freezeUntil } = facts;
  const percentage = nextStep(spec)?.percentage ?? null;
  if (state === 'stopped' || state === 'held' || state === 'rolled_back') return heldNext(facts);
  if (state === 'off') return nothing('Nothing, until somebody switches it on in rollout.yaml.');
  if (percentage === null) {
    return nothing(
      spec.steps.length === 0
        ? 'Nothing by itself: the file has no steps.'
        : 'Nothing more: this is the last step.',
    );
  }
  const way = WAYS[spec.advance];
  if (ready)
    return {
      percentage,
      at: now,
      waits_for: spec.advance === 'manual' ? 'a person' : null,
      sentence: `${percentage}% is next and may come now: ${way}.`,
    };
  const clock = state === 'soaking' && freezeUntil === null;
  const at = clock ? new Date(now.getTime() + soakLeft * 1_000) : null;
  const left = `${durationText(soakLeft)} of the soak left`;
  const waits_for = clock
    ? left
    : (UNTIL[state] ?? harmless((advance ?? 'a tick').replace(/^waits: /, ''), LONGEST_REASON));
  const sentence =
    at === null
      ? `${percentage}% is next; it waits${state in UNTIL ? '' : ':'} ${waits_for}.`
      : `${percentage}% is next, not before ${moment(at)} (${left}) and only if it stays healthy; ${way}.${besides(advance)}`;
  return { percentage, at, waits_for, sentence };
}

/** What the gate waits for first while the soak runs; nothing where that is the soak itself. */
function besides(advance: string | null): string {
  if (!advance?.startsWith('waits: ') || advance.endsWith(' of the soak left')) return '';
  return ` It also waits: ${harmless(advance.slice('waits: '.length), LONGEST_REASON)}.`;
}

/** What is wrong stands in the sentence before it. */
const UNTIL: Partial<Record<FeatureState, string>> = {
  harmful: 'until it is healthy again',
  error: 'until it can be judged again',
  suspect: 'until a person has looked and it is healthy again',
  warning: 'until it is healthy again',
  no_data: 'for the first finished jobs',
  gathering: 'for enough finished jobs',
};

const WAYS = {
  manual: 'a person runs rollout advance',
  pull_request: 'the controller opens a pull request',
  commit: 'the controller commits it',
} as const;

function heldNext({ incident, feature, global_stop }: SentenceFacts): ReportNext {
  if (!incident && global_stop)
    return waiting('a person', 'Everything is stopped; to go on: rollout resume --all --reason "..."');
  const pull = incident?.write_back_pull_request ?? null;
  const file =
    incident?.write_back === 'proposed' && pull !== null
      ? ` The file still asks for more: pull request #${pull} brings it in line.`
      : incident?.write_back === 'pending'
        ? ' rollout.yaml has still to be brought in line.'
        : '';
  const goOn = `To go on: rollout resume ${feature} --reason "..."`;
  if (!incident)
    return waiting('a person', 'Nothing, until somebody takes emergency_stop out of rollout.yaml.');
  if (incident.state !== 'open') return waiting('a person', `Nothing raises it by itself. ${goOn}`);
  return waiting('a person', `Nothing raises it while incident ${incident.id} is open.${file} ${goOn}`);
}

function waiting(waits_for: string, sentence: string): ReportNext {
  return { percentage: null, at: null, waits_for, sentence };
}

function nothing(sentence: string): ReportNext {
  return { percentage: null, at: null, waits_for: null, sentence };
}

function reasonText(reason: string): string {
  return harmless(reason, LONGEST_REASON).replace(/\.$/, '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
