import { EmbeddedRollout } from './embedded-rollout.ts';
import { groundOf } from './follow/followed.ts';
import { Following } from './follow/following.ts';
import type { Rollout, RolloutOptions } from './host/api.ts';
import { databaseSettingsOf } from './host/database-settings.ts';
import { within } from './host/timeout.ts';
import { databaseSink } from './record/database-sink.ts';
import type { Sink } from './record/sink.ts';
import type { SnapshotSource } from './wire/source.ts';

/** A connection that still waits for an answer is not waited for. */
const CLOSE_MS = 1_000;

/** A library that follows a database, with what a relay needs of it: what it knows, and where outcomes go. */
export async function openRelayed(
  options: RolloutOptions,
): Promise<{ rollout: Rollout; source: SnapshotSource; sink: Sink }> {
  const settings = databaseSettingsOf(options);
  const { pool, ownPool } = settings;
  const ground = groundOf(settings);
  const following = new Following(settings, ground);
  const sink = databaseSink(pool);
  const rollout = new EmbeddedRollout(settings, {
    ...{ ground, following, sink },
    release: async () => {
      if (ownPool)
        await within(
          CLOSE_MS,
          pool.end().catch(() => {}),
        );
    },
  });
  await rollout.start();
  return { rollout, source: following, sink };
}
