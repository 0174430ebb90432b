import type { Spending } from '../../domain/evidence/spending.ts';
import type { Gate } from '../../domain/gate/advance.ts';
import type { Spread } from '../../domain/gate/silence.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/state.ts';
import type { Soak } from '../../store/health/checks.ts';
import type { StepJobs } from '../../store/health/evidence.ts';
import type { Reader } from '../../store/store.ts';
import { readNextSpending } from '../spending/spending.ts';

/** Part of the controller's state that decides when a step may be taken. */
type GateState = Pick<State, 'now' | 'freezes' | 'policy'>;

/** Counts that the gate of one feature needs. */
export interface GateFacts {
  soak: Soak;
  step: StepJobs;
  spread: Spread;
  spending: Spending | null;
  state: GateState;
}

/** Judges the gate to the next step from values already read. */
export function gateFrom(
  standing: Pick<FeatureStanding, 'incident'>,
  spec: Spec,
  judgement: Gate['judgement'],
  { soak, step, spread, spending, state }: GateFacts,
): Gate {
  return {
    spec,
    judgement,
    step,
    spread,
    spending,
    freeze: freezeAt(state.freezes, state.now),
    policyHours: state.policy?.hours ?? null,
    now: state.now,
    soakingSince: soak.since,
    pausedSeconds: soak.pausedSeconds,
    held: standing.incident !== null,
  };
}

/** Reads everything that the gate to the next step needs, as it is in the database now, and judges it. */
export async function gateOf(
  read: Reader,
  standing: Pick<FeatureStanding, 'feature' | 'epoch' | 'step_started_at' | 'incident'>,
  spec: Spec,
  judgement: Gate['judgement'],
  state: GateState,
): Promise<Gate> {
  const { feature, epoch, step_started_at } = standing;
  const soak = await read.health.soak(feature, epoch, step_started_at);
  const step = await read.health.stepJobs(feature, epoch, step_started_at);
  const spread = await read.health.spread(feature, epoch, soak.since);
  const spending = (await readNextSpending(read, [{ standing, spec }])).get(feature) ?? null;
  return gateFrom(standing, spec, judgement, { soak, step, spread, spending, state });
}
