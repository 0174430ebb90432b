import type pg from 'pg';
import { categorizeAll, countCategories, setTestRepositories } from './categories.ts';
import { adoptBaseline, applyChange, finishReconcile } from './changes.ts';
import { readOnly, transaction } from './client.ts';
import { historyAt, readHistory, verifyHistory } from './history.ts';
import { countImpact, largestMoved } from './impact.ts';
import { emergencyStop, listIncidents } from './incidents.ts';
import { categoryAt, evaluateInDatabase, findSubject } from './lookup.ts';
import { lookUpNames, readCurrentIncidents, readFeatures, readState } from './snapshot.ts';
import { countEligible, readStandings } from './standing.ts';
import { importCustomers, importRepositories, refreshFromSource, resolvePending } from './subjects.ts';

/** Everything the use cases may read, on one unchanging view of the database. */
function reader(db: pg.PoolClient) {
  return {
    state: () => readState(db),
    features: (feature?: string) => readFeatures(db, feature),
    currentIncidents: () => readCurrentIncidents(db),
    namesOf: (names: readonly string[]) => lookUpNames(db, names),
    impact: countImpact.bind(null, db),
    largestMoved: largestMoved.bind(null, db),
    standings: (feature?: string) => readStandings(db, feature),
    eligible: (feature: string) => countEligible(db, feature),
    categories: () => countCategories(db),
    incidents: listIncidents.bind(null, db),
    history: readHistory.bind(null, db),
    historyAt: historyAt.bind(null, db),
    verifyHistory: verifyHistory.bind(null, db),
    subject: findSubject.bind(null, db),
    categoryAt: categoryAt.bind(null, db),
    evaluate: evaluateInDatabase.bind(null, db),
  };
}

export type Reader = ReturnType<typeof reader>;

/** The database, as the use cases know it. */
export function createStore(pool: pg.Pool) {
  return {
    /** Reads on one unchanging view; a write in here is refused by the database. */
    reading: <T>(work: (read: Reader) => Promise<T>): Promise<T> =>
      readOnly(pool, (client) => work(reader(client))),
    applyChange: applyChange.bind(null, pool),
    adoptBaseline: adoptBaseline.bind(null, pool),
    finishReconcile: finishReconcile.bind(null, pool),
    resolveNames: (actor: string) => transaction(pool, { actor }, resolvePending),
    setTestRepositories: setTestRepositories.bind(null, pool),
    categorizeAll: categorizeAll.bind(null, pool),
    importRepositories: importRepositories.bind(null, pool),
    importCustomers: importCustomers.bind(null, pool),
    refreshFromSource: refreshFromSource.bind(null, pool),
    stop: (feature: string | null, reason: string, actor: string) =>
      transaction(pool, { actor }, (client) => emergencyStop(client, feature, reason)),
  };
}

export type Store = ReturnType<typeof createStore>;
