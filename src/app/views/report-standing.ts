import { soakOf } from '../../domain/health/advance.ts';
import { type FeatureState, stateOf } from '../../domain/report/feature-state.ts';
import type { ReportFeature } from '../../domain/report/report.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { nextOf, type SentenceFacts, stateSentence } from '../../report/words/feature-sentence.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/snapshot.ts';
import type { Reader } from '../../store/store.ts';
import type { CategoryCount, FeatureHealth } from './feature-health.ts';

/** What was read of one feature, before it is told. */
export interface ReadFeature {
  standing: FeatureStanding;
  spec: Spec;
  /** May somebody be in? */
  live: boolean;
  health: FeatureHealth;
  state: State;
  past: Pick<ReportFeature, 'exposure' | 'turns' | 'incidents'>;
}

interface Facts extends ReadFeature {
  soak: ReportFeature['soak'];
  categories: readonly CategoryCount[];
}

/** The state in a word and a sentence, since when, what comes next, and who is in. */
export function standingTold(facts: Facts) {
  const { standing, spec, health, state, past, categories } = facts;
  const freeze = freezeAt(state.freezes, state.now);
  // The gate speaks of waiting or, where it does not, waits for nothing but a person.
  const ready = health.next_step !== null && health.advance?.startsWith('waits:') === false;
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
    ready,
  });
  const sum = (of: 'eligible' | 'total') => categories.reduce((all, one) => all + one[of], 0);
  const counts = { eligible: state.global_stop ? 0 : sum('eligible'), total: sum('total') };
  const since = sinceOf(word, facts);
  const sentence: SentenceFacts = {
    ...{ feature: standing.feature, spec, state: word, since, ...counts, verdict: health.verdict, ready },
    global_stop: state.global_stop,
    incident,
    freezeUntil: freeze?.to ?? null,
    advance: health.advance,
    soakLeft: health.soak_left ?? 0,
    now: state.now,
  };
  const told = { state: word, since, sentence: stateSentence(sentence), next: nextOf(sentence) };
  return { ...told, ...counts };
}

/** The open incident, else the last one where nobody has resumed it. */
function unresolved(incidents: ReportFeature['incidents']): ReportFeature['incidents'][number] | null {
  const [last] = incidents;
  return last?.state === 'open' || last?.state === 'settled' ? last : null;
}

/** The soak of the present percentage; null where no step asks for one. */
export async function soakNow(
  read: Reader,
  { feature, epoch, step_started_at }: FeatureStanding,
  spec: Spec,
  left: number,
): Promise<ReportFeature['soak']> {
  const seconds = soakOf(spec);
  if (seconds === 0 || spec.strategy === 'whitelist') return null;
  const { since } = await read.soak(feature, epoch, step_started_at);
  return { since, seconds, left, share: Math.round(Math.max(0, 1 - left / seconds) * 1_000) / 10 };
}

/** States that a verdict makes, and that began when it turned. */
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
