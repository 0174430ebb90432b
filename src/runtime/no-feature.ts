import type { Evaluation } from './host/evaluation.ts';
import type { Rollout } from './host/rollout.ts';

/**
 * Is this the answer on a name that is not a feature's? A stop of the environment comes first in every decision, also
 * on such a name; but where names are other people's too, as in a chain of OpenFeature providers, a stop of our
 * features must not answer for theirs. Before anything was read nobody knows: then everything is stopped.
 */
export function isNoFeature({ reason, percentage }: Evaluation, rollout: Pick<Rollout, 'state'>): boolean {
  if (reason === 'unknown') return true;
  return reason === 'env_stop' && percentage === null && rollout.state().generation !== null;
}
