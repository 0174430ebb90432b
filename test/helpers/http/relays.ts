import { noRepository } from '../../../src/compose/environment/no-repository.ts';
import type { RolloutSettings } from '../../../src/runtime/host/options.ts';
import type { Rollout } from '../../../src/runtime/host/rollout.ts';
import type { HttpRolloutOptions } from '../../../src/runtime/http/api.ts';
import { createRollout } from '../../../src/runtime/http/index.ts';
import type { ServerOptions } from '../../../src/server/http/dependencies.ts';
import { atEnd } from '../run/at-end.ts';
import { openRollout } from './rollouts.ts';
import { type Served, served, storeAt } from './served.ts';

export const CLIENT = `${'c'.repeat(20)}0123456789abcdef`;
export const WRITER = `${'w'.repeat(20)}0123456789abcdef`;

/** A server over a database, as `rollout serve` starts it for applications. */
export function relayOver(connectionString: string, options: Partial<ServerOptions> = {}): Promise<Served> {
  return served(
    { store: storeAt(connectionString), repository: noRepository(), connectionString },
    { clientTokens: [CLIENT], writeTokens: [WRITER], ...options },
  );
}

/** The library over HTTP, silent and without variables of this process; closed at the end of the file. */
export async function follow(url: string, options: Partial<HttpRolloutOptions> = {}): Promise<Rollout> {
  const rollout = await createRollout({
    ...{ url, token: CLIENT, writeToken: WRITER, env: {}, log: () => {} },
    ...{ flushOnExit: false, closeMs: 5_000, startMs: 60_000 },
    ...options,
  });
  atEnd(() => rollout.close());
  return rollout;
}

type Settings = Omit<RolloutSettings, 'hostGroup' | 'listen'>;

/** What an application reaches to be told, which a test may put a proxy before, and how it opens the library there. */
interface Reached {
  address: string;
  openAt: (address: string, settings?: Settings) => Promise<Rollout>;
}

/** Both ways in which an application has the library. What one promises, the other promises too. */
export const WAYS: readonly [how: string, reach: (connectionString: string) => Promise<Reached>][] = [
  [
    'over PostgreSQL',
    async (address) => ({
      address,
      openAt: (connectionString, settings) => openRollout({ connectionString, ...settings }),
    }),
  ],
  [
    'over HTTP',
    async (connectionString) => ({ address: (await relayOver(connectionString)).url, openAt: follow }),
  ],
];

export const CLIENTS = WAYS.map(
  ([how, reach]) =>
    [
      how,
      async (connectionString: string, settings?: Settings) => {
        const { address, openAt } = await reach(connectionString);
        return openAt(address, settings);
      },
    ] as const,
);
