import { healthParams, ruleOf } from '../../domain/score/rule.ts';
import type { Checkpoint } from '../../domain/verdict/checkpoint.ts';
import { nextCheckpoint } from '../../domain/verdict/next-checkpoint.ts';
import type { StandingCheckpoint } from '../../store/score/checkpoints.ts';
import type { ResumedWindows } from '../../store/score/windows.ts';
import type { Store } from '../../store/store.ts';
import type { Gathered } from './health-inputs.ts';
import { underOverrides } from './judging-overrides.ts';
import type { LiveFeature } from './live-features.ts';

/**
 * Stores the checkpoints with which the next judgements go on: once an hour for each feature that is judged by the
 * score. Without them judging takes longer, but it still works, so an error here is nobody's concern.
 */
export async function keepCheckpoints(
  store: Store,
  live: readonly LiveFeature[],
  gathered: ReadonlyMap<string, Gathered>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const made: { standing: StandingCheckpoint; checkpoint: Checkpoint }[] = [];
  const forgotten: string[] = [];
  for (const { standing, spec } of live) {
    const { feature } = standing;
    const resumed = gathered.get(feature)?.resumed;
    const judged = underOverrides(environment, feature, spec).spec;
    const rule = ruleOf(healthParams(judged));
    if (!resumed || typeof rule === 'string' || judged.analysis === 'threshold' || isNew(resumed)) continue;
    const checkpoint = nextCheckpoint(resumed.windows(), rule, resumed.standing.next);
    if (checkpoint === 'forget') {
      if (resumed.standing.checkpoint) forgotten.push(feature);
    } else if (checkpoint !== 'keep') made.push({ standing: resumed.standing, checkpoint });
  }
  try {
    await store.health.keepCheckpoints(made);
    await store.health.forgetCheckpoints(forgotten);
  } catch {
    // The next judgement reads all windows.
  }
}

function isNew({ standing: { until, next } }: ResumedWindows): boolean {
  return until !== null && until.getTime() >= next * 1_000;
}
