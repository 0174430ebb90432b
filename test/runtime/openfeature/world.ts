import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { afterAll } from 'vitest';
import type { RolloutOptions } from '../../../src/runtime/host/options.ts';
import { RolloutProvider } from '../../../src/runtime/openfeature/index.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

// Registered after those that drop the databases, so it runs before them.
afterAll(() => OpenFeature.close());

let domains = 0;

/** A domain of its own in the real SDK, whose provider is not initialised yet. */
export function newDomain(options: RolloutOptions): {
  domain: string;
  client: Client;
  provider: RolloutProvider;
} {
  domains += 1;
  const domain = `domain-${domains}`;
  const provider = new RolloutProvider({ env: {}, log: () => {}, ...options });
  return { domain, client: OpenFeature.getClient(domain), provider };
}

/** The same, ready. */
export async function readyClient(options: RolloutOptions): Promise<Client> {
  const { domain, client, provider } = newDomain(options);
  await OpenFeature.setProviderAndWait(domain, provider);
  return client;
}

export async function databaseWith(features: (db: TestDatabase) => Promise<void>): Promise<TestDatabase> {
  const db = await testDatabase();
  await features(db);
  return db;
}
