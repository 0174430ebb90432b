import { soakOf } from '../../domain/gate/advance.ts';
import { waitsForNobodyElse } from '../../domain/gate/wait.ts';
import { type FeatureState, stateOf } from '../../domain/report/feature-state.ts';
import { nextOf } from '../../domain/report/next.ts';
import { type ReportFeature, unresolved } from '../../domain/report/report.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/state.ts';
import type { CategoryCount } from './feature/facts.ts';
import type { FeatureHealth } from './feature/health.ts';

/** Facts of one feature, before they are put into the report. */
export interface ReadFeature {
  standing: FeatureStanding;
  spec: Spec;
  /** May some subject be in? */
  live: boolean;
  health: FeatureHealth;
  state: State;
  past: Pick<ReportFeature, 'exposure' | 'turns' | 'incidents'>;
}

interface Facts extends ReadFeature {
  soak: ReportFeature['soak'];
  categories: readonly CategoryCount[];
}

/** Reports the state, its beginning, the stop, the next step, and the eligible subjects. */
export function standingTold(facts: Facts) {
  const { standing, spec, health, state, past, categories } = facts;
  const freeze = freezeAt(state.freezes, state.now);
  const gate = health.advance;
  const incident = unresolved(past.incidents);
  const word = stateOf({
    stopped: standing.emergency_stop || state.global_stop !== null,
    held: standing.incident !== null,
    settled: incident?.state === 'settled',
    live: facts.live,
    paused: spec.paused,
    freeze: freeze !== null,
    verdict: health.verdict?.verdict ?? null,
    next: health.next_step,
    soakLeft: health.soak_left ?? 0,
    ready: health.next_step !== null && gate !== null && waitsForNobodyElse(gate.wait),
  });
  const sum = (of: 'eligible' | 'total') => categories.reduce((all, one) => all + one[of], 0);
  const counts = { eligible: state.global_stop ? 0 : sum('eligible'), total: sum('total') };
  const since = sinceOf(word, facts);
  const stop = incident ? { reason: incident.reason, by: incident.opened_by } : state.global_stop;
  const next = nextOf({
    spec,
    state: word,
    gate,
    incident,
    now: state.now,
    stopped: state.global_stop !== null,
    frozen: freeze !== null,
  });
  return {
    state: word,
    since,
    next,
    ...counts,
    stopped_by: word === 'stopped' && stop ? { reason: stop.reason, by: stop.by } : null,
  };
}

/** The soak of the present percentage; null if no step demands one. */
export function soakNow(spec: Spec, since: Date, left: number): ReportFeature['soak'] {
  const seconds = soakOf(spec);
  if (seconds === 0 || spec.strategy === 'whitelist') return null;
  return { since, seconds, left, share: Math.round(Math.max(0, 1 - left / seconds) * 1_000) / 10 };
}

/** States that come from a verdict, and that began when it changed. */
const OF_VERDICT: readonly FeatureState[] = [
  ...(['harmful', 'error', 'suspect', 'warning', 'gathering', 'no_data'] as const),
];

function sinceOf(word: FeatureState, { standing, past, soak, state }: Facts): Date {
  const { exposure, turns } = past;
  const last = unresolved(past.incidents)?.opened_at;
  if (word === 'stopped' || word === 'held' || word === 'rolled_back')
    return last ?? state.global_stop?.at ?? exposure.at(-1)?.at ?? standing.step_started_at;
  if (word === 'off') return exposure.at(-1)?.at ?? standing.step_started_at;
  if (OF_VERDICT.includes(word)) return turns.at(-1)?.at ?? standing.epoch_started_at;
  return soak?.since ?? standing.step_started_at;
}
