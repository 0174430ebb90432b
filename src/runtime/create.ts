import type { Rollout, RolloutOptions } from './host/api.ts';
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
 */
export async function createRollout(options: RolloutOptions): Promise<Rollout> {
  const { rollout } = await openRelayed(options);
  return rollout;
}
