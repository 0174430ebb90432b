import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { connect } from '../../store/db/client.ts';
import {
  type MigrateOptions,
  type MigrationStatus,
  migrate,
  migrationStatus,
} from '../../store/db/migrate.ts';
import { type Rehearsal, rehearseMigration } from '../../store/db/migrate-rehearsal.ts';
import { leaveOnSignals, useEmbedded } from '../../store/embedded/embedded.ts';
import { tryGit } from '../../worktree/git/git.ts';
import { refuseMalformed, refuseUnset } from './database-server.ts';
import type { Settings } from './settings.ts';

/** A database that stays available until it is left. */
export interface Database {
  connectionString: string;
  embedded: boolean;
  leave(): Promise<void>;
}

/** Options for the rights of foreign roles. */
export type RightsOptions = Omit<MigrateOptions, 'log'>;

/** Migrates the configured database and aligns its rights; returns the applied migrations. */
export async function migrateConfigured(settings: Settings, options: RightsOptions = {}): Promise<string[]> {
  const database = await openDatabase(settings);
  try {
    return await migrateDatabase(database.connectionString, settings.log, options);
  } finally {
    await database.leave();
  }
}

/** Returns applied and pending migrations without changing anything. */
export function configuredMigrations(settings: Settings): Promise<MigrationStatus> {
  return withClient(settings, migrationStatus);
}

/** Returns what `migrateConfigured` would do; changes nothing. */
export function rehearseConfigured(settings: Settings, options: RightsOptions = {}): Promise<Rehearsal> {
  return withClient(settings, (client) => rehearseMigration(client, options));
}

async function withClient<T>(settings: Settings, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const database = await openDatabase(settings);
  try {
    const client = await connect(database.connectionString);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  } finally {
    await database.leave();
  }
}

/** Opens the database of `DATABASE_URL`, or without it the embedded server beside the file. */
export async function openDatabase({ file, environment, log }: Settings): Promise<Database> {
  const connectionString = environment.DATABASE_URL?.trim();
  if (connectionString) {
    refuseMalformed(connectionString);
    return { connectionString, embedded: false, leave: async () => {} };
  }
  refuseUnset(environment);
  const folder = dirname(resolve(file));
  await refuseCommitted(folder);
  refuseBelowFile(resolve(file));
  const embedded = await useEmbedded(join(folder, '.rollout', 'postgres'), { log });
  await keepOutOfCommits(join(folder, '.rollout'));
  const forget = leaveOnSignals(embedded);
  const leave = async () => {
    forget();
    await embedded.leave();
  };
  return { connectionString: embedded.connectionString, embedded: true, leave };
}

/**
 * Throws for a database in a commit: it has its own settings, which can make a server run commands, so whoever sent the
 * commit would run them here.
 */
async function refuseCommitted(folder: string): Promise<void> {
  const listed = await tryGit(folder, 'ls-files', '-z', '--', '.rollout');
  if (!Buffer.isBuffer(listed) || listed.length === 0) return;
  throw new RolloutError(
    'embedded_failed',
    '.rollout is in the repository, and a database is never taken from a commit',
    {
      hint: 'remove it from the repository (git rm -r --cached .rollout, and .rollout/ into .gitignore), or set DATABASE_URL',
    },
  );
}

/**
 * Throws below the file's folder: a new, empty database would be created there, and a stop would report success without
 * stopping anything.
 */
function refuseBelowFile(file: string): void {
  const folder = dirname(file);
  if (existsSync(file) || existsSync(join(folder, '.rollout'))) return;
  for (let at = dirname(folder); ; at = dirname(at)) {
    const above = join(at, basename(file));
    if (existsSync(above)) throw meantAbove(basename(file), relative(process.cwd(), above));
    if (at === dirname(at) || existsSync(join(at, '.git'))) return;
  }
}

function meantAbove(name: string, above: string): RolloutError {
  return new RolloutError(
    'file_missing',
    `there is no ${name} in this folder, and no database of its own; there is ${above}`,
    {
      hint: `run it in the folder of the file, or add: --file ${above}`,
    },
  );
}

/**
 * Excludes the folder from `git add .`; a folder that is not here (root's server uses another place) needs no
 * exclusion.
 */
async function keepOutOfCommits(folder: string): Promise<void> {
  await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => {});
}

/** Applies pending migrations and returns them. */
export async function migrateDatabase(
  connectionString: string,
  log: (line: string) => void,
  options: RightsOptions = {},
): Promise<string[]> {
  const client = await connect(connectionString);
  try {
    return await migrate(client, { ...options, log });
  } finally {
    await client.end();
  }
}
