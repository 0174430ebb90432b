import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { RolloutError } from '../../errors.ts';

/**
 * In place of a configuration repository where an application has none. What takes a feature away works without
 * one, in the database; what would give it to more is refused, and so is every other change of the file.
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
