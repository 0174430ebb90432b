import { type Client, OpenFeature } from '@openfeature/server-sdk';
import type { RolloutOptions } from '../../../src/runtime/host/options.ts';
import { RolloutProvider } from '../../../src/runtime/openfeature/index.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';
import { atEnd } from '../../helpers/run/at-end.ts';

let domains = 0;

/** A domain of its own in the real SDK, whose provider is not initialised yet. */
export function newDomain(options: RolloutOptions): {
  domain: string;
  client: Client;
  provider: RolloutProvider;
} {
  domains += 1;
  atEnd(() => OpenFeature.close());
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
