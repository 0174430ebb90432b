import { EmbeddedRollout } from './embedded-rollout.ts';
import { groundOf } from './follow/followed.ts';
import { Following } from './follow/following.ts';
import { databaseSettingsOf } from './host/database-settings.ts';
import type { RolloutOptions } from './host/options.ts';
import type { Rollout } from './host/rollout.ts';
import { within } from './host/timeout.ts';
import { databaseSink } from './record/database-sink.ts';
import type { Sink } from './record/parcel/sink.ts';
import type { SnapshotSource } from './wire/source.ts';

/** Milliseconds to wait at the close for a connection that still awaits an answer. */
const CLOSE_MS = 1_000;
/** Connections for batches, which many clients send at the same time. */
const RELAY_WRITERS = 3;

/** Opens a library that follows a database, with what a relay needs: its data, and a sink with several connections. */
export async function openRelayed(
  options: RolloutOptions,
  writers = RELAY_WRITERS,
): Promise<{ rollout: Rollout; source: SnapshotSource; sink: Sink }> {
  const settings = databaseSettingsOf(options, writers);
  const { writes, ownPools } = settings;
  const ground = groundOf(settings);
  const following = new Following(settings, ground);
  const sink = databaseSink(writes);
  const rollout = new EmbeddedRollout(settings, {
    ...{ ground, following, sink },
    release: async () => {
      const ended = Promise.allSettled(ownPools.map((pool) => pool.end()));
      await within(CLOSE_MS, ended);
    },
  });
  await rollout.start();
  return { rollout, source: following, sink };
}
