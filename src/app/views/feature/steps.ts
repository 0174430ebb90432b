import { type Gate, judgeAdvance } from '../../../domain/gate/advance.ts';
import { NOTHING_HEARD } from '../../../domain/gate/silence.ts';
import { slowdownOf } from '../../../domain/health/slowdown.ts';
import type { Spec } from '../../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../../store/configuration/feature-rows.ts';
import type { State } from '../../../store/configuration/state.ts';
import type { Reader } from '../../../store/store.ts';
import { gateFrom } from '../../health/advance-gate.ts';
import { readNextSpending } from '../../spending/spending.ts';
import type { FeatureFacts } from './facts.ts';

/** Reads the input of the gates of these features at once; `specs` are the features' specs, with the live exposure. */
export async function stepReader(
  read: Reader,
  state: State,
  live: readonly FeatureStanding[],
  specs: ReadonlyMap<string, Spec>,
) {
  const speed = await read.health.speedOf(live);
  const jobs = await read.health.stepJobsOf(live);
  const soaks = await read.health.soaks(live);
  const soakOf = ({ feature, step_started_at }: FeatureStanding) =>
    soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 };
  const spreads = await read.health.spreads(
    live.map((standing) => ({ ...standing, step_started_at: soakOf(standing).since })),
  );
  const spending = await readNextSpending(
    read,
    live.flatMap((standing) => {
      const spec = specs.get(standing.feature);
      return spec ? [{ standing, spec }] : [];
    }),
  );
  return {
    spending: ({ feature }: FeatureStanding) => spending.get(feature) ?? null,
    slowdown: ({ feature }: FeatureStanding) => slowdownOf(speed.get(feature) ?? []),
    gate: (standing: FeatureStanding, spec: Spec, judgement: Gate['judgement']) =>
      gateFrom(standing, spec, judgement, {
        soak: soakOf(standing),
        step: jobs.get(standing.feature) ?? { jobs: 0, errors: 0 },
        spread: spreads.get(standing.feature) ?? NOTHING_HEARD,
        spending: spending.get(standing.feature) ?? null,
        state,
      }),
  };
}

/** Returns the next step, and why it waits; null for a feature that is off or was never reconciled. */
export function nextOf(
  steps: Awaited<ReturnType<typeof stepReader>>,
  { live, spec, standing, verdict }: FeatureFacts,
) {
  if (!live || !spec) return { next_step: null, soak_left: null, advance: null };
  const judgement = verdict ?? { verdict: 'no_data' as const, reason: 'no tick has judged this epoch yet' };
  const advance = judgeAdvance(steps.gate(standing, spec, judgement));
  return {
    next_step: advance.next?.percentage ?? null,
    soak_left: Math.ceil(advance.soakLeft),
    advance,
  };
}
