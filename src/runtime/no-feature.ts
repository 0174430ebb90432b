import type { Evaluation } from './host/evaluation.ts';
import type { Rollout } from './host/rollout.ts';

/**
 * Does this answer belong to a name that is not a feature? A stop by the environment comes first in every decision,
 * even for such a name; but in a chain of OpenFeature providers, names may belong to other providers, whose flags a
 * stop of these features must not answer. Before the first reading names are unknown: then everything is stopped.
 */
export function isNoFeature({ reason, percentage }: Evaluation, rollout: Pick<Rollout, 'state'>): boolean {
  if (reason === 'unknown') return true;
  return reason === 'env_stop' && percentage === null && rollout.state().generation !== null;
}
