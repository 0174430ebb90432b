import type pg from 'pg';
import { type Queryable, transaction } from '../db/client.ts';
import {
  categorizeAll,
  categorizeOne,
  countCategories,
  hasTestRepositories,
  setTestRepositories,
} from '../registry/categories.ts';
import { forgetSubject, namesOf } from '../registry/forget.ts';
import { unknownFacts } from '../registry/known-facts.ts';
import { categoryAt, evaluateInDatabase, factsAt, findSubject } from '../registry/lookup.ts';
import { lookUpNames, unknownIds } from '../registry/names.ts';
import {
  readOriginalConfiguration,
  readOriginalRollout,
  repositoriesIn,
  repositoriesToCome,
} from '../registry/originals.ts';
import { beginSource, endSource } from '../registry/source-turn.ts';
import {
  importCustomers,
  importRepositories,
  refreshFromSource,
  resolvePending,
} from '../registry/subjects.ts';

/** Reads repositories and customers. */
export const registryReader = (db: pg.PoolClient) => ({
  ownersOf: (names: readonly string[]) => lookUpNames(db, names),
  unknownIds: unknownIds.bind(null, db),
  unknownFacts: unknownFacts.bind(null, db),
  subject: findSubject.bind(null, db),
  namesOf: namesOf.bind(null, db),
  evaluate: evaluateInDatabase.bind(null, db),
  categories: () => countCategories(db),
  categoryAt: categoryAt.bind(null, db),
  factsAt: factsAt.bind(null, db),
  hasTestRepositories: (count: number) => hasTestRepositories(db, count),
  originalConfiguration: readOriginalConfiguration.bind(null, db),
  originalRollout: readOriginalRollout.bind(null, db),
  repositoriesIn: repositoriesIn.bind(null, db),
  repositoriesToCome: repositoriesToCome.bind(null, db),
});

export const registryWriter = (pool: pg.Pool, single: Queryable) => ({
  resolveNames: (actor: string) => transaction(pool, { actor }, resolvePending),
  setTestRepositories: setTestRepositories.bind(null, pool),
  categorizeAll: categorizeAll.bind(null, pool),
  categorizeOne: categorizeOne.bind(null, pool),
  importRepositories: importRepositories.bind(null, pool),
  importCustomers: importCustomers.bind(null, pool),
  refreshFromSource: refreshFromSource.bind(null, pool),
  beginSource: () => beginSource(single),
  endSource: (read: boolean) => endSource(single, read),
  forget: forgetSubject.bind(null, pool),
});
