import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type pg from 'pg';
import type { ConfigurationRepository } from './app/ports.ts';
import { RolloutError } from './errors.ts';
import { connect, openPool } from './store/client.ts';
import { leaveOnSignals, useEmbedded } from './store/embedded.ts';
import { type MigrationStatus, migrate, migrationStatus } from './store/migrate.ts';
import { selfCheck } from './store/self-check.ts';
import { createStore, type Store } from './store/store.ts';
import { openWorkingTree } from './worktree/working-tree.ts';

export { readConfigurationFile } from './worktree/read-file.ts';
export { checkedOutRevision } from './worktree/working-tree.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Path of rollout.yaml. The embedded database lives beside it, in `.rollout`. */
  file: string;
  environment: Environment;
  /** Told what a person may want to know: roles that are missing, another folder. */
  log: (line: string) => void;
}

/** Everything a command needs; `close` it, also after an error. */
export interface Controller {
  store: Store;
  repository: ConfigurationRepository;
  /** Who is said to have done it: `ROLLOUT_ACTOR`, else the user of this machine. */
  actor: string;
  now: () => Date;
  close(): Promise<void>;
}

interface Database {
  connectionString: string;
  embedded: boolean;
  leave(): Promise<void>;
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

/** Brings the configured database up to date; returns what was applied. */
export async function migrateConfigured(settings: Settings): Promise<string[]> {
  const database = await openDatabase(settings);
  try {
    return await migrateDatabase(database.connectionString, settings.log);
  } finally {
    await database.leave();
  }
}

/** What is applied and what is not, without changing anything. */
export async function configuredMigrations(settings: Settings): Promise<MigrationStatus> {
  const database = await openDatabase(settings);
  try {
    const client = await connect(database.connectionString);
    try {
      return await migrationStatus(client);
    } finally {
      await client.end();
    }
  } finally {
    await database.leave();
  }
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
  const close = async () => {
    await pool.end();
    await database.leave();
  };
  try {
    await check(database, pool);
    return {
      store: createStore(pool),
      repository: await openWorkingTree(settings.file),
      actor: actorOf(settings.environment),
      now: () => new Date(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDatabase({ file, environment, log }: Settings): Promise<Database> {
  const connectionString = environment.DATABASE_URL?.trim();
  if (connectionString) {
    refuseMalformed(connectionString);
    return { connectionString, embedded: false, leave: async () => {} };
  }
  const embedded = await useEmbedded(join(dirname(resolve(file)), '.rollout', 'postgres'), { log });
  const forget = leaveOnSignals(embedded);
  const leave = async () => {
    forget();
    await embedded.leave();
  };
  return { connectionString: embedded.connectionString, embedded: true, leave };
}

/** Said here, without the value: the driver's own error would carry the password. */
function refuseMalformed(connectionString: string): void {
  const scheme = /^([a-z0-9+.-]*):\/\//i.exec(connectionString)?.[1]?.toLowerCase();
  if ((scheme === 'postgres' || scheme === 'postgresql') && URL.canParse(connectionString)) return;
  throw new RolloutError('usage', 'DATABASE_URL is not a PostgreSQL URL', {
    hint: 'it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, special characters in it percent-encoded',
  });
}

async function migrateDatabase(connectionString: string, log: (line: string) => void): Promise<string[]> {
  const client = await connect(connectionString);
  try {
    return await migrate(client, { log });
  } finally {
    await client.end();
  }
}

async function refusePending(pool: pg.Pool): Promise<void> {
  const { pending } = await migrationStatus(pool);
  if (pending.length === 0) return;
  throw new RolloutError(
    'database_not_migrated',
    `the database lacks ${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'} of this version (${pending[0]} ...)`,
    { hint: 'run: rollout migrate' },
  );
}

function userName(environment: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER ?? 'unknown';
  }
}

/** Puts the schema where the first line of a written file points editors to; false where one is there. */
export async function copySchema(to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  const from = join(import.meta.dirname, '..', 'schema', 'rollout.schema.json');
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
