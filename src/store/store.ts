import type pg from 'pg';
import { governingRevision, readState } from './configuration/state.ts';
import { readOnly, singly } from './db/client.ts';
import { maintain } from './db/maintenance.ts';
import { featureReader, featureWriter } from './groups/features.ts';
import { guardrailReader, guardrailWriter } from './groups/guardrails.ts';
import { healthReader, healthWriter } from './groups/health.ts';
import { historyReader, historyWriter } from './groups/history.ts';
import { incidentReader, incidentWriter } from './groups/incidents.ts';
import { leaseOf } from './groups/lease.ts';
import { outboxOf } from './groups/outbox.ts';
import { outcomeReader, outcomeWriter } from './groups/outcomes.ts';
import { registryReader, registryWriter } from './groups/registry.ts';

/** Everything that the use cases may read, on one consistent snapshot of the database. */
function reader(db: pg.PoolClient) {
  return {
    state: () => readState(db),
    governingRevision: () => governingRevision(db),
    features: featureReader(db),
    incidents: incidentReader(db),
    history: historyReader(db),
    registry: registryReader(db),
    outcomes: outcomeReader(db),
    health: healthReader(db),
    guardrails: guardrailReader(db),
  };
}

export type Reader = ReturnType<typeof reader>;

/** The database, as the use cases see it. */
export function createStore(pool: pg.Pool) {
  const single = singly(pool);
  return {
    /** Reads on one consistent snapshot; the database refuses a write in here. */
    reading: <T>(work: (read: Reader) => Promise<T>): Promise<T> =>
      readOnly(pool, (client) => work(reader(client))),
    features: featureWriter(pool, single),
    incidents: incidentWriter(pool, single),
    history: historyWriter(pool),
    registry: registryWriter(pool, single),
    outcomes: outcomeWriter(single),
    health: healthWriter(pool, single),
    guardrails: guardrailWriter(single),
    outbox: outboxOf(single),
    lease: leaseOf(single),
    maintain: maintain.bind(null, pool),
  };
}

export type Store = ReturnType<typeof createStore>;
