import type { Gate } from '../domain/advance.ts';
import type { Freeze, Spec } from '../domain/spec.ts';
import type { FeatureStanding } from '../store/standing.ts';
import type { Reader } from '../store/store.ts';

/** Everything the gate to the next step looks at, as the database has it now. */
export async function gateOf(
  read: Reader,
  standing: Pick<FeatureStanding, 'feature' | 'epoch' | 'step_started_at' | 'incident'>,
  spec: Spec,
  judgement: Gate['judgement'],
  freeze: Freeze | null,
  now: Date,
): Promise<Gate> {
  const { feature, epoch, step_started_at } = standing;
  const soak = await read.soak(feature, epoch, step_started_at);
  return {
    spec,
    judgement,
    step: await read.stepJobs(feature, epoch, step_started_at),
    soakingSince: soak.since,
    pausedSeconds: soak.pausedSeconds,
    held: standing.incident !== null,
    freeze,
    now,
  };
}
