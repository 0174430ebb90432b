import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import {
  explainMigration,
  keepRights,
  type MigrateOptions,
  migrationsFolder,
  pendingMigrations,
} from './migrate.ts';

/** The effect of a migration on the database. Empty lists: none. */
export interface Rehearsal {
  migrations: string[];
  tables: Difference;
  functions: Difference;
  /** Roles that would be created. */
  roles: string[];
  granted: Right[];
  revoked: Right[];
}

/** Names that are added, changed or removed. */
export interface Difference {
  added: string[];
  changed: string[];
  removed: string[];
}

export interface Right {
  /** Role name; PUBLIC for everybody. */
  role: string;
  privilege: string;
  /** Object name; `table.column` for a right on a column. */
  object: string;
}

/**
 * Performs `migrate` in one transaction, compares the catalog before and after, and rolls the transaction back.
 * Meanwhile it holds the migration's locks, and it waits at most five seconds for each. Throws the same errors as
 * `migrate`.
 */
export async function rehearseMigration(client: pg.Client, options: MigrateOptions = {}): Promise<Rehearsal> {
  const migrations = await pendingMigrations(client);
  await client.query(`begin`);
  try {
    await client.query(`set local lock_timeout = '5s'`);
    const before = await readCatalog(client);
    await applyFiles(client, migrations);
    await keepRights(client, { ...options, log: undefined });
    return { migrations, ...difference(before, await readCatalog(client)) };
  } catch (error) {
    throw explainMigration(error);
  } finally {
    await client.query('rollback');
  }
}

/** Repeats the single transaction of node-pg-migrate, which always commits. */
async function applyFiles(client: pg.Client, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await client.query(`set local search_path = public`);
  await client.query(`create table if not exists public.rollout_migrations (
      id serial primary key, name varchar(255) not null, run_on timestamp not null)`);
  for (const name of names) {
    await client.query(readFileSync(join(migrationsFolder(), `${name}.sql`), 'utf8'));
    await client.query(`insert into public.rollout_migrations (name, run_on) values ($1, now())`, [name]);
  }
}

interface Catalog {
  /** Digests by name. */
  tables: Map<string, string>;
  functions: Map<string, string>;
  roles: Set<string>;
  /** JSON of role, privilege and object. */
  rights: Set<string>;
}

async function readCatalog(client: pg.Client): Promise<Catalog> {
  // Names are qualified according to this setting, and a migration sets its own.
  await client.query(`set local search_path = public`);
  const named = async (text: string) => {
    const { rows } = await client.query<{ name: string; digest: string }>(text);
    return new Map(rows.map(({ name, digest }) => [name, digest]));
  };
  // Only roles that migrations create: roles belong to the whole server, and others may be created meanwhile.
  const roles = await client.query<{ name: string }>(
    `select rolname::text as name from pg_catalog.pg_roles
     where rolname in ('rollout_reader', 'rollout_recorder', 'rollout_controller')`,
  );
  const rights = await client.query<Right>(RIGHTS);
  return {
    tables: await named(TABLES),
    functions: await named(FUNCTIONS),
    roles: new Set(roles.rows.map(({ name }) => name)),
    rights: new Set(
      rights.rows.map(({ role, privilege, object }) => JSON.stringify([role, privilege, object])),
    ),
  };
}

/** Columns, constraints, indexes, triggers, or the query of a view. Daily partitions belong to their table. */
const TABLES = `
  select c.relname::text as name, md5(concat_ws(chr(10),
    case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
    (select string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
         pg_get_expr(d.adbin, d.adrelid)), chr(10) order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    (select string_agg(pg_get_constraintdef(k.oid), chr(10) order by k.conname) from pg_constraint k where k.conrelid = c.oid),
    (select string_agg(pg_get_indexdef(i.indexrelid), chr(10) order by i.indexrelid) from pg_index i where i.indrelid = c.oid),
    (select string_agg(pg_get_triggerdef(t.oid), chr(10) order by t.tgname)
       from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal))) as digest
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition`;

const FUNCTIONS = `
  select p.oid::regprocedure::text as name, md5(pg_get_functiondef(p.oid)) as digest
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')`;

/** Rights on objects, except those of their owners. */
const RIGHTS = `
  select coalesce(r.rolname::text, 'PUBLIC') as role, lower(held.privilege_type) as privilege, held.object
  from (
    select 'schema public' as object, n.nspowner as owner, a.grantee, a.privilege_type
    from pg_namespace n cross join aclexplode(n.nspacl) a where n.nspname = 'public'
    union all
    select c.relname::text, c.relowner, a.grantee, a.privilege_type
    from pg_class c cross join aclexplode(c.relacl) a
    where c.relnamespace = 'public'::regnamespace and not c.relispartition
    union all
    select c.relname || '.' || t.attname, c.relowner, a.grantee, a.privilege_type
    from pg_class c join pg_attribute t on t.attrelid = c.oid cross join aclexplode(t.attacl) a
    where c.relnamespace = 'public'::regnamespace and not t.attisdropped
    union all
    select p.oid::regprocedure::text, p.proowner, a.grantee, a.privilege_type
    from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = 'public'::regnamespace
  ) held
  left join pg_roles r on r.oid = held.grantee
  where held.grantee <> held.owner and (held.grantee = 0 or r.oid is not null)`;

function difference(before: Catalog, after: Catalog): Omit<Rehearsal, 'migrations'> {
  return {
    tables: differing(before.tables, after.tables),
    functions: differing(before.functions, after.functions),
    roles: only(after.roles, before.roles),
    granted: only(after.rights, before.rights).map(right),
    revoked: only(before.rights, after.rights).map(right),
  };
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Difference {
  const kept = [...after].filter(([name]) => before.has(name));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    changed: kept.flatMap(([name, digest]) => (before.get(name) === digest ? [] : [name])).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
  };
}

const only = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...some].filter((each) => !others.has(each)).sort();

function right(text: string): Right {
  const [role = '', privilege = '', object = ''] = JSON.parse(text) as string[];
  return { role, privilege, object };
}
