import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { ConfigurationRepository, Notifier } from './app/ports.ts';
import { RolloutError } from './errors.ts';
import { webhookNotifier } from './notify/webhook.ts';
import { connect, openPool } from './store/client.ts';
import { leaveOnSignals, useEmbedded } from './store/embedded.ts';
import { type MigrationStatus, migrate, migrationStatus } from './store/migrate.ts';
import { type Flush, recordOutcomes } from './store/outcomes.ts';
import { passTime } from './store/pass-time.ts';
import { selfCheck } from './store/self-check.ts';
import { createStore, type Store } from './store/store.ts';
import { gitSays, gitText } from './worktree/git.ts';
import type { Surroundings } from './worktree/surroundings.ts';
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
  const close = () => pool.end().finally(database.leave);
  try {
    await check(database, pool);
    return {
      store: createStore(pool),
      repository: await openWorkingTree(settings.file, surroundings(settings.log)),
      actor: actorOf(settings.environment),
      now: () => new Date(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function surroundings(log: (line: string) => void): Surroundings {
  return { sleep: (milliseconds) => setTimeout(milliseconds), random: Math.random, log };
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

/** Said here, without the value: the driver's own error would carry the password, or a part of it as the host. */
function refuseMalformed(connectionString: string): void {
  if (URL.canParse(connectionString)) {
    const { protocol, pathname, search, hash } = new URL(connectionString);
    // A password with / ? or # in it ends the host early, and what follows still has the @ of the host.
    const torn = hash !== '' || pathname.includes('@') || search.includes('@');
    if ((protocol === 'postgres:' || protocol === 'postgresql:') && !torn) return;
  }
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

/** A controller on a database of its own, and what only the demo may do with it. */
export interface DemoController extends Controller {
  /** SQL as a person could type it. */
  sql(text: string): Promise<Record<string, unknown>[]>;
  /** Puts the file in place; where git is installed, by a commit. */
  save(content: string, message: string): Promise<void>;
  /** Records outcomes of jobs. */
  record(flush: Flush): Promise<void>;
  /** Makes everything that was recorded so many hours older. */
  passTime(hours: number): Promise<void>;
}

/** The embedded server without the caution that a database to keep needs, and a repository where git is there. */
export async function openDemo(
  folder: string,
  file: string,
  log: (line: string) => void,
): Promise<DemoController> {
  const embedded = await useEmbedded(join(folder, 'postgres'), { log, durable: false });
  const forget = leaveOnSignals(embedded);
  const pool = openPool(embedded.connectionString);
  const close = async () => {
    await pool.end();
    forget();
    await embedded.leave();
  };
  try {
    await migrateDatabase(embedded.connectionString, log);
    await selfCheck(pool);
    const inGit = await gitSays(folder, 'init', '--quiet', '--initial-branch', 'main');
    return {
      store: createStore(pool),
      repository: await openWorkingTree(file, surroundings(log)),
      actor: 'demo',
      now: () => new Date(),
      sql: async (text) => (await pool.query(text)).rows,
      save: (content, message) => saveFile(folder, file, content, inGit ? message : null),
      record: async (flush) => void (await recordOutcomes(pool, randomUUID(), flush)),
      passTime: (hours) => passTime(pool, hours),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function saveFile(
  folder: string,
  file: string,
  content: string,
  message: string | null,
): Promise<void> {
  await writeFile(file, content);
  if (message === null) return;
  await gitText(folder, 'add', file);
  const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false'];
  await gitText(folder, ...identity, 'commit', '--quiet', '--message', message);
}

/** The webhook of `ROLLOUT_WEBHOOK_URL`; null where none is set. The URL is a secret, so it is never in a file. */
export function webhookOf(environment: Environment): Notifier | null {
  const url = environment.ROLLOUT_WEBHOOK_URL?.trim();
  if (!url) return null;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return webhookNotifier(url);
  throw new RolloutError('usage', 'ROLLOUT_WEBHOOK_URL is not a URL', { hint: 'it begins with https://' });
}
