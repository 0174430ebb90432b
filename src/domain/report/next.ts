import type { Advance } from '../gate/advance.ts';
import { nextStep, wayTo } from '../gate/advance.ts';
import { type Wait, waitsForNobodyElse } from '../gate/wait.ts';
import { openingFrom } from '../spec/hours.ts';
import type { Spec } from '../spec/spec.ts';
import type { FeatureState } from './feature-state.ts';
import type { ReportIncident } from './report-incident.ts';

/** States that come from a verdict: the next step waits until they end. */
export type WaitingState = 'harmful' | 'error' | 'suspect' | 'warning' | 'no_data' | 'gathering';

/** How the next step is made. */
export type NextWay = Spec['advance'];

/** What happens next, or what the feature waits for, as a code with its facts. */
export type Next =
  /** The global stop is the only thing that stops this feature. */
  | { code: 'everything_stopped' }
  /** The file has `emergency_stop`. */
  | { code: 'stopped_by_file' }
  /** A person has to resume the feature. `incident`: the open one, null if it is settled. */
  | { code: 'resume'; incident: string | null; file: FileAhead | null }
  /** The feature is off in the file. */
  | { code: 'off' }
  | { code: 'no_steps' }
  | { code: 'last_step' }
  | { code: 'ready'; way: NextWay }
  /** Seconds left of the soak, and the first other obstacle of the gate. */
  | { code: 'soak'; left_seconds: number; besides: Wait | null; way: NextWay }
  | { code: 'state'; state: WaitingState }
  /** What the gate waits for; null: no tick has judged the feature yet. */
  | { code: 'gate'; wait: Wait | null };

/**
 * The file still asks for more than the incident holds: the controller's pull request waits, or nothing is written yet.
 */
export type FileAhead = { code: 'proposed'; pull_request: number } | { code: 'pending' };

/** What happens next. */
export interface ReportNext {
  /** Percentage of the next step; null if there is none. */
  percentage: number | null;
  /** Earliest time if nothing changes; null if it cannot be known. */
  at: Date | null;
  what: Next;
}

export interface NextFacts {
  spec: Pick<Spec, 'strategy' | 'percentage' | 'steps' | 'advance' | 'hours' | 'active' | 'emergency_stop'>;
  state: FeatureState;
  /** The global stop is on. */
  stopped: boolean;
  /** The incident that nobody has resumed yet; null: none. */
  incident: Pick<ReportIncident, 'id' | 'state' | 'write_back' | 'write_back_pull_request'> | null;
  frozen: boolean;
  /** The gate to the next step; null for a feature that is off or was never reconciled. */
  gate: Pick<Advance, 'wait' | 'soakLeft'> | null;
  now: Date;
}

export function nextOf(facts: NextFacts): ReportNext {
  const { state, spec, gate, now } = facts;
  if (state === 'stopped' || state === 'held' || state === 'rolled_back') return without(heldNext(facts));
  if (state === 'off') return without({ code: 'off' });
  const percentage = nextStep(spec)?.percentage ?? null;
  if (percentage === null) return without({ code: spec.steps.length === 0 ? 'no_steps' : 'last_step' });
  const wait = gate?.wait ?? null;
  const way = wayTo(spec, percentage);
  if (gate && waitsForNobodyElse(wait)) return { percentage, at: now, what: { code: 'ready', way } };
  if (state === 'soaking' && !facts.frozen) {
    const left_seconds = Math.ceil(gate?.soakLeft ?? 0);
    const besides = wait?.code === 'soak' ? null : wait;
    const soaked = new Date(now.getTime() + left_seconds * 1_000);
    const at = spec.hours ? openingFrom(spec.hours, soaked) : soaked;
    return { percentage, at, what: { code: 'soak', left_seconds, besides, way } };
  }
  if (wait?.code === 'hours') return { percentage, at: wait.opens, what: { code: 'gate', wait } };
  return { percentage, at: null, what: isWaiting(state) ? { code: 'state', state } : { code: 'gate', wait } };
}

function heldNext({ incident, stopped }: NextFacts): Next {
  if (!incident) return { code: stopped ? 'everything_stopped' : 'stopped_by_file' };
  const open = incident.state === 'open';
  return { code: 'resume', incident: open ? incident.id : null, file: open ? fileAhead(incident) : null };
}

function fileAhead({
  write_back,
  write_back_pull_request,
}: NonNullable<NextFacts['incident']>): FileAhead | null {
  if (write_back === 'pending') return { code: 'pending' };
  if (write_back !== 'proposed' || write_back_pull_request === null) return null;
  return { code: 'proposed', pull_request: write_back_pull_request };
}

const WAITING: readonly FeatureState[] = [
  ...(['harmful', 'error', 'suspect', 'warning', 'no_data', 'gathering'] as const),
];

function isWaiting(state: FeatureState): state is WaitingState {
  return WAITING.includes(state);
}

function without(what: Next): ReportNext {
  return { percentage: null, at: null, what };
}
