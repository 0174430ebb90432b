import type pg from 'pg';
import { doneOnce } from '../lib/single-flight.ts';
import { openPool } from '../store/db/client.ts';
import { selfCheck } from '../store/db/self-check.ts';
import { createStore, type Store } from '../store/store.ts';
import { refuseMalformed, refusePending } from './environment/database-server.ts';

/** The database of an action, always a server: an embedded one would be lost with the runner. */
export interface ActionDatabase {
  store: Store;
  /** May be called repeatedly. */
  close(): Promise<void>;
}

/** Opens the server and checks that it fits this version. Throws `database_...` if it is unusable. */
export function openForAction(connectionString: string): Promise<ActionDatabase> {
  return opened(connectionString, async (pool) => {
    await refusePending(pool);
    await selfCheck(pool);
  });
}

/** Opens without any check: a stop must work with nothing but the database. */
export function openForActionStop(connectionString: string): Promise<ActionDatabase> {
  return opened(connectionString, async () => {});
}

/** Connects first: an unreachable server is reported before the rest is loaded. */
export function openForTakingAway(connectionString: string): Promise<ActionDatabase> {
  return opened(connectionString, (pool) => pool.query('select 1'));
}

/** Applies pending migrations and returns them. */
export async function migrateForAction(
  connectionString: string,
  log: (line: string) => void,
): Promise<string[]> {
  refuseMalformed(connectionString);
  const { migrateDatabase } = await import('./environment/database.ts');
  return migrateDatabase(connectionString, log);
}

async function opened(
  connectionString: string,
  check: (pool: pg.Pool) => Promise<unknown>,
): Promise<ActionDatabase> {
  refuseMalformed(connectionString);
  const pool = openPool(connectionString);
  const close = doneOnce(() => pool.end());
  try {
    await check(pool);
    return { store: createStore(pool), close };
  } catch (error) {
    await close();
    throw error;
  }
}
