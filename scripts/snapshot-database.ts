/**
 * Writes `schema/database.snapshot.txt`: the catalog of a migrated database as text, so that a migration, or an
 * edit of an applied one, shows as a diff.
 *
 *   npx tsx scripts/snapshot-database.ts
 */
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../src/store/db/migrate.ts';
import { useEmbedded } from '../src/store/embedded/embedded.ts';

const SNAPSHOT = join(import.meta.dirname, '..', 'schema', 'database.snapshot.txt');

/** Daily partitions come and go; what an extension or the application brought is not ours. */
const OURS = `n.nspname = 'public' and c.relname !~ '_\\d{8}$'`;

/** Each yields lines of text, in order, below its heading. */
const SECTIONS: readonly [heading: string, query: string][] = [
  [
    'tables and views',
    `select format('%s %s%s%s', case c.relkind when 'v' then 'view' when 'p' then 'partitioned table' else 'table' end,
       c.relname, coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''),
       case when c.relrowsecurity then ', row-level security' else '' end) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and c.relkind in ('r', 'p', 'v') order by c.relname collate "C"`,
  ],
  [
    'columns',
    `select format('%s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       case when a.attnotnull then ' not null' else '' end,
       case a.attidentity when 'a' then ' identity always' when 'd' then ' identity by default' else '' end,
       coalesce(case when a.attgenerated <> '' then ' generated ' else ' default ' end
         || pg_get_expr(d.adbin, d.adrelid), '')) as line
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where ${OURS} and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
     order by c.relname collate "C", a.attnum`,
  ],
  [
    // Those of NOT NULL are constraints only since PostgreSQL 18.
    'constraints',
    `select format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and k.contype <> 'n' order by c.relname collate "C", k.conname collate "C"`,
  ],
  [
    'indexes',
    `select pg_get_indexdef(i.indexrelid) as line
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where ${OURS}`,
  ],
  [
    'triggers',
    `select format('%s, enabled %s', pg_get_triggerdef(t.oid), case t.tgenabled
       when 'A' then 'always' when 'O' then 'unless replicating' when 'R' then 'when replicating' else 'never' end) as line
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and not t.tgisinternal`,
  ],
  [
    'policies',
    `select format('%s %s for %s to %s using (%s) with check (%s)', p.tablename, p.policyname, p.cmd,
       array_to_string(p.roles, ', '), p.qual, p.with_check) as line
     from pg_policies p where p.schemaname = 'public'`,
  ],
  [
    // The owner may do everything, whatever its name.
    'grants',
    `select format('%s %s to %s', what, string_agg(privilege, ', ' order by privilege collate "C"), who) as line
     from (
       select 'table ' || c.relname as what, a.privilege_type as privilege, a.grantee, c.relowner as owner
       from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a where ${OURS}
       union all
       select 'function ' || p.oid::regprocedure, a.privilege_type, a.grantee, p.proowner
       from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       where p.pronamespace = 'public'::regnamespace
     ) held, lateral (select case grantee when 0 then 'public' else pg_get_userbyid(grantee) end as who) named
     where grantee <> owner group by what, who`,
  ],
  [
    'functions',
    `select pg_get_functiondef(p.oid) as line from pg_proc p
     where p.pronamespace = 'public'::regnamespace order by p.oid::regprocedure::text collate "C"`,
  ],
  [
    'views',
    `select format('%s:%s%s', c.relname, chr(10), pg_get_viewdef(c.oid, true)) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and c.relkind = 'v' order by c.relname collate "C"`,
  ],
];

/** The catalog of schema `public` as text. */
export async function catalogText(db: pg.Client | pg.Pool): Promise<string> {
  const parts: string[] = [];
  for (const [heading, query] of SECTIONS) {
    const { rows } = await db.query<{ line: string }>(query);
    const lines = rows.map(({ line }) => line.trimEnd());
    if (!query.includes('order by c.relname')) lines.sort();
    parts.push(`== ${heading}\n\n${lines.join('\n')}\n`);
  }
  return parts.join('\n');
}

/** The committed catalog, as this server would have it: before PostgreSQL 15 a view is not `security_invoker`. */
export async function committedCatalog(db: pg.Client | pg.Pool): Promise<string> {
  const text = readFileSync(SNAPSHOT, 'utf8');
  const { rows } = await db.query<{ version: number }>(
    `select current_setting('server_version_num')::integer as version`,
  );
  return (rows[0]?.version ?? 0) < 150_000 ? text.replaceAll(' with (security_invoker=true)', '') : text;
}

async function writeSnapshot(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollout-snapshot-')));
  chmodSync(folder, 0o755); // where root runs this, the server is another user and must get in
  const embedded = await useEmbedded(join(folder, 'server'), { durable: false });
  const client = new pg.Client(embedded.connectionString);
  try {
    await client.connect();
    await migrate(client);
    writeFileSync(SNAPSHOT, await catalogText(client));
  } finally {
    await client.end();
    await embedded.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeSnapshot();
