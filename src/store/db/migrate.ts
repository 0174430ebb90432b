import { join } from 'node:path';
import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { isLockTimeout } from './locks.ts';
import { MIGRATION_NAMES } from './migration-names.ts';
import { readRights } from './rights.ts';

/**
 * For programs that migrate. Managers in an application's bundle have no such folder, and know the migrations by name.
 */
export const migrationsFolder = (): string => join(packageRoot(), 'migrations');
const TABLE = 'rollout_migrations';

/** PostgreSQL 14 is the oldest version with everything that the migrations use (`date_bin`). */
const OLDEST_SERVER = 140_000;

/** SQLSTATE of errors that the migrations raise themselves. */
const RAISED = 'P0001';
const LONGEST_DETAIL = 300;

/** Message of node-pg-migrate if it cannot create its own table; only a stack follows, without an SQLSTATE. */
const NO_PLACE = /^Unable to ensure migrations table: error: (permission denied.*|.*read-only transaction)$/m;

export interface MigrationStatus {
  applied: string[];
  pending: string[];
  /** Applied migrations that are not part of this version. */
  foreign: string[];
}

/** Rights given to a foreign role: the rights of a kind; `none` removes them. */
export type AllowedKind = 'reader' | 'recorder' | 'evaluate' | 'none';

export interface MigrateOptions {
  log?: ((line: string) => void) | undefined;
  /** True: check rights only if a migration was applied, for commands that also migrate an embedded database. */
  inPassing?: boolean | undefined;
  /** True: also revoke rights of foreign roles that are not in the grant table. */
  revokeOthers?: boolean | undefined;
  /** Roles that get the rights of a kind; later runs keep them. */
  allow?: readonly { role: string; kind: AllowedKind }[] | undefined;
}

/**
 * Migrates the database in one transaction, under the lock of node-pg-migrate: of several simultaneous runs, one works
 * and the others find nothing left to do. Then aligns all rights with the grant table, if the role owns the tables.
 *
 * The client must be a direct connection: behind a transaction pooler the session lock does not hold. Returns the names
 * of the applied migrations. Throws `database_incompatible` for a server that is too old, an unknown list of
 * migrations, or a migration that cannot be applied, and `database_refused` for a role that may not create tables; then
 * nothing was changed.
 */
export async function migrate(client: pg.Client, options: MigrateOptions = {}): Promise<string[]> {
  await pendingMigrations(client);
  const notices: string[] = [];
  const onNotice = ({ code, message }: { code?: string | undefined; message?: string | undefined }) => {
    // `create ... if not exists` and similar statements raise notices too.
    if (code === ROLES_MISSING) notices.push(message ?? '');
  };
  client.on('notice', onNotice);
  // Loaded on demand: a stop in GitHub's action must not wait for code that only migrations need.
  const { runner } = await import('node-pg-migrate');
  try {
    const applied = await runner({
      dbClient: client,
      dir: migrationsFolder(),
      direction: 'up',
      // Independent of the role's own search_path.
      schema: 'public',
      migrationsTable: TABLE,
      // Undefined by default, which leaves the client in an aborted transaction after a failing file.
      singleTransaction: true,
      advisoryLockMode: 'wait',
      log: () => {},
      logger: quiet,
    });
    for (const notice of notices) options.log?.(notice);
    if (applied.length > 0 || !options.inPassing) await keepRights(client, options);
    return applied.map(({ name }) => name);
  } catch (error) {
    throw explainMigration(error);
  } finally {
    client.off('notice', onNotice);
  }
}

/** Returns the pending migrations. Throws `database_incompatible` as `migrate` does. */
export async function pendingMigrations(client: pg.Client): Promise<string[]> {
  await refuseOldServer(client);
  const status = await migrationStatus(client);
  refuseForeign(status);
  return status.pending;
}

/**
 * Returns the applied and the pending migrations. Writes nothing, not even the table of migrations, and reads no file,
 * because a bundle has other folders around it.
 */
export async function migrationStatus(client: pg.Client | pg.Pool): Promise<MigrationStatus> {
  const known = await client.query<{ exists: boolean }>(`select to_regclass($1) is not null as exists`, [
    `public.${TABLE}`,
  ]);
  if (!known.rows[0]?.exists) return { applied: [], pending: [...MIGRATION_NAMES], foreign: [] };
  const { rows } = await client.query<{ name: string }>(`select name from public.${TABLE} order by id`);
  const applied = rows.map(({ name }) => name);
  return {
    applied,
    pending: MIGRATION_NAMES.filter((name) => !applied.includes(name)),
    foreign: applied.filter((name) => !MIGRATION_NAMES.includes(name)),
  };
}

/** A newer version has all migrations of this one and more; any other list was never released. */
function refuseForeign({ foreign, pending }: MigrationStatus): void {
  const [first] = foreign;
  if (first === undefined) return;
  if (pending.length === 0) {
    throw new RolloutError('database_incompatible', `a newer version migrated this database (${first})`, {
      hint: 'nothing was changed; update rollout-controller',
    });
  }
  throw new RolloutError(
    'database_incompatible',
    `a version that was never released migrated this database (${first} is not a migration of this version)`,
    { hint: 'nothing was changed; run rollout migrate, import and reconcile on an empty database' },
  );
}

/** Aligns the rights with the grant table, if the role owns the tables. */
export async function keepRights(
  client: pg.Client,
  { log, revokeOthers, allow = [] }: MigrateOptions,
): Promise<void> {
  const { rows } = await client.query<{ owner: boolean; name: string }>(
    `select pg_has_role(c.relowner, 'usage') as owner, current_user::text as name
     from pg_class c where c.oid = 'public.rollout_state'::regclass`,
  );
  if (!rows[0]?.owner) {
    if (!revokeOthers && allow.length === 0) return;
    throw new RolloutError(
      'database_refused',
      `only the owner of the tables changes rights, not ${rows[0]?.name}`,
      {
        hint: 'use the DATABASE_URL of the owner',
      },
    );
  }
  for (const { role, kind } of allow) {
    await client.query(`select public.rollout_allow($1, $2)`, [role, kind === 'none' ? null : kind]);
  }
  await client.query(`select public.rollout_grant_roles($1)`, [revokeOthers ?? false]);
  const { others, creators } = await readRights(client);
  for (const { role, objects } of others) {
    log?.(
      `${role} holds rights on ${objects} tables and functions beside the table of grants; to let it read: grant rollout_reader to ${role}; then revoke them: rollout migrate --grants`,
    );
  }
  for (const role of creators) {
    log?.(
      `${role} may create tables and functions in schema public: revoke create on schema public from ${role}`,
    );
  }
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Code of the notice by which `rollout_grant_roles` reports that it could not create its roles. */
export const ROLES_MISSING = 'RC001';

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  );
  if (Number(rows[0]?.number) >= OLDEST_SERVER) return;
  throw new RolloutError('database_incompatible', `the server is PostgreSQL ${rows[0]?.version}`, {
    hint: 'PostgreSQL 14 or newer is needed',
  });
}

/** Passes on only the controller's own hints: PostgreSQL's may suggest to drop what depends on a table. */
export function explainMigration(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RolloutError) return error;
  const { code, hint, detail } = error as Partial<pg.DatabaseError>;
  const refused = NO_PLACE.exec(error.message);
  if (refused) {
    return new RolloutError('database_refused', `this role may not migrate: ${refused[1]}`, {
      hint: 'use the DATABASE_URL of the owner of the database, or grant this role: create on schema public',
      cause: error,
    });
  }
  if (isLockTimeout(error)) {
    return new RolloutError('busy', 'the migration waited too long for a lock of another session', {
      hint: 'nothing was changed; run the command again, when long transactions are over',
      cause: error,
    });
  }
  const message = [error.message, detail?.slice(0, LONGEST_DETAIL)].filter(Boolean).join(': ');
  return new RolloutError('database_incompatible', `the database could not be migrated: ${message}`, {
    hint:
      (code === RAISED && hint) || 'nothing was changed; fix what the message names and run: rollout migrate',
    cause: error,
  });
}
