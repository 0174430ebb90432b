import type { RolloutOptions } from './host/options.ts';
import type { Rollout } from './host/rollout.ts';
import { openRelayed } from './relayed.ts';

/**
 * Connects to the database, and gives decisions from memory from then on.
 *
 * Throws `database_refused`, `database_not_migrated`, `database_incompatible` or `environment_mismatch` where the
 * database does not fit, and `usage` for an option that cannot be meant. A database that is away is waited for,
 * `startMs` long; after that it resolves all the same, and nobody is eligible until the database answers.
 *
 *     const rollout = await createRollout({ connectionString: process.env.DATABASE_URL });
 *     if (rollout.isEligible('hybrid_progressive_capture', repositoryId)) ...
 *
 * With the keys that `rollout types` writes, `createRollout<FeatureKey>(...)` compiles for features of the file alone.
 */
export async function createRollout<Feature extends string = string>(
  options: RolloutOptions,
): Promise<Rollout<Feature>> {
  const { rollout } = await openRelayed(options, 1);
  return rollout;
}
