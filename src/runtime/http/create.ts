import { EmbeddedRollout } from '../embedded-rollout.ts';
import { groundOf } from '../follow/followed.ts';
import type { Rollout } from '../host/rollout.ts';
import type { HttpRolloutOptions } from './api.ts';
import { RelayClient } from './relay-client.ts';
import { RelayFollowing } from './relay-following.ts';
import { relaySink } from './relay-sink.ts';
import { httpSettingsOf } from './settings.ts';

/**
 * Follows a server (`rollout serve`) over HTTP and from then on decides from memory, with the decisions and guarantees
 * of the library that follows a database. Runs wherever there is `fetch`.
 *
 * Throws `relay_refused`, `relay_incompatible` or `environment_mismatch` if the server does not fit, and `usage` for an
 * invalid option. Waits `startMs` for an unreachable server; after that it resolves nevertheless, and nobody is
 * eligible until the server answers.
 *
 *     const rollout = await createRollout({ url: process.env.ROLLOUT_URL, token: process.env.ROLLOUT_TOKEN });
 *     if (rollout.isEligible('hybrid_progressive_capture', repositoryId)) ...
 */
export async function createRollout<Feature extends string = string>(
  options: HttpRolloutOptions,
): Promise<Rollout<Feature>> {
  const settings = httpSettingsOf(options);
  const ground = groundOf(settings);
  const client = new RelayClient(settings);
  const rollout = new EmbeddedRollout(settings, {
    ...{
      ground,
      following: new RelayFollowing(settings, ground, client),
      sink: relaySink(client, settings.writeToken !== null),
    },
    release: async () => {},
  });
  await rollout.start();
  return rollout;
}
