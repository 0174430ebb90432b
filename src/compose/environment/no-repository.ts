import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { RolloutError } from '../../errors.ts';

/**
 * Replaces the configuration repository of an application without one. Reductions of exposure work, in the database;
 * raises and every other change of the file are refused.
 */
export function noRepository(): ConfigurationRepository {
  const refuse = async () => {
    throw new RolloutError('file_missing', 'no rollout.yaml is configured here, so it cannot be changed', {
      hint: 'change it by a pull request where it lives, or say where it is: the option `file`, or ROLLOUT_FILE',
    });
  };
  return {
    committed: true,
    readTip: refuse,
    read: refuse,
    settlement: refuse,
    change: refuse,
    withdraw: refuse,
  };
}
