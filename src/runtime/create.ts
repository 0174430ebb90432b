import { EmbeddedRollout } from './embedded-rollout.ts';
import { Following } from './follow/following.ts';
import type { Rollout, RolloutOptions } from './host/api.ts';
import { databaseSettingsOf } from './host/database-settings.ts';
import { within } from './host/timeout.ts';
import { databaseSink } from './record/database-sink.ts';

/** A connection that still waits for an answer is not waited for. */
const CLOSE_MS = 1_000;

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
  const settings = databaseSettingsOf(options);
  const { pool, ownPool } = settings;
  const rollout = new EmbeddedRollout(settings, {
    follow: (ground) => new Following(settings, ground),
    sink: databaseSink(pool),
    release: async () => {
      if (ownPool)
        await within(
          CLOSE_MS,
          pool.end().catch(() => {}),
        );
    },
  });
  await rollout.start();
  return rollout;
}
