import type { Controller } from '../../compose/controller.ts';
import type { PilotStatus } from '../../domain/originals/pilot.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { PilotConfig } from '../calls/types.ts';
import { readPilot } from './row.ts';

/** Returns the pilot; throws `unknown_feature`. */
export async function requirePilot({ store }: Controller, feature: string): Promise<PilotConfig> {
  const found = await readPilot(store, feature);
  if (found) return found;
  throw new RolloutError('unknown_feature', `there is no pilot ${quoted(feature)}`, {
    hint: 'create it first, or see what is there with: rollout status',
  });
}

/** The error for a pilot that cannot be started. */
export function notPlanned(feature: string, status: PilotStatus): RolloutError {
  return status === 'rolled_back' || status === 'paused'
    ? new RolloutError('held', `${feature} is ${STATUS_WORDS[status]}: a program does not start it again`, {
        hint: `a person does, with: rollout resume ${feature} --percentage N --reason "..."`,
      })
    : new RolloutError('usage', `${feature} is ${STATUS_WORDS[status]}: it was started already`, {
        hint: 'go to the next tier with advanceRollout',
      });
}

const STATUS_WORDS: Record<PilotStatus, string> = {
  planned: 'planned',
  in_progress: 'in progress',
  paused: 'paused',
  completed: 'completed',
  rolled_back: 'rolled back',
};

/** The error for a pilot that cannot go to its next tier. */
export function notStarted(feature: string): RolloutError {
  return new RolloutError('usage', `${feature} is planned: no tier is live to go on from`, {
    hint: 'start it first with startRollout',
  });
}
