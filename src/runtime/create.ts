import type { RolloutOptions } from './host/options.ts';
import type { Rollout } from './host/rollout.ts';
import { openRelayed } from './relayed.ts';

/**
 * Connects to the database and from then on decides from memory.
 *
 * Throws `database_refused`, `database_not_migrated`, `database_incompatible` or `environment_mismatch` if the database
 * does not fit, and `usage` for an invalid option. Waits `startMs` for an unreachable database; after that it resolves
 * nevertheless, and nobody is eligible until the database answers.
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
