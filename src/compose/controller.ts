import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { ConfigurationRepository } from '../app/ports.ts';
import { openPool } from '../store/client.ts';
import { selfCheck } from '../store/self-check.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Surroundings } from '../worktree/surroundings.ts';
import { openWorkingTree } from '../worktree/working-tree.ts';
import { type Database, migrateDatabase, openDatabase, refusePending } from './database.ts';
import type { Environment, Settings } from './settings.ts';

/** Everything a command needs; `close` it, also after an error. */
export interface Controller {
  store: Store;
  /** For what needs connections of its own. Holds a password: never in any output. */
  connectionString: string;
  repository: ConfigurationRepository;
  /** Who is said to have done it: `ROLLOUT_ACTOR`, else the user of this machine. */
  actor: string;
  now: () => Date;
  close(): Promise<void>;
}

/** Opens the database that is configured and checks that it fits this version. */
export async function openController(settings: Settings): Promise<Controller> {
  return opened(settings, async (database, pool) => {
    if (database.embedded) await migrateDatabase(database.connectionString, settings.log);
    else await refusePending(pool);
    await selfCheck(pool);
  });
}

/** The same without any check: a stop must work with nothing but the database. */
export async function openForStop(settings: Settings): Promise<Controller> {
  return opened(settings, async (database) => {
    if (database.embedded) await migrateDatabase(database.connectionString, settings.log);
  });
}

/** Who is said to act. */
export function actorOf(environment: Environment): string {
  return environment.ROLLOUT_ACTOR?.trim() || `cli:${userName(environment)}`;
}

async function opened(
  settings: Settings,
  check: (database: Database, pool: pg.Pool) => Promise<void>,
): Promise<Controller> {
  const database = await openDatabase(settings);
  const pool = openPool(database.connectionString);
  const close = () => pool.end().finally(database.leave);
  try {
    await check(database, pool);
    return {
      store: createStore(pool),
      connectionString: database.connectionString,
      repository: await openWorkingTree(settings.file, surroundings(settings.log), settings.follow),
      actor: actorOf(settings.environment),
      now: () => new Date(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Real time and chance, for who changes the repository. */
export function surroundings(log: (line: string) => void): Surroundings {
  return { sleep: (milliseconds) => setTimeout(milliseconds), random: Math.random, log };
}

function userName(environment: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER ?? 'unknown';
  }
}
