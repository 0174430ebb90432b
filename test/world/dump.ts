import type { TestDatabase } from '../helpers/database/database.ts';

/**
 * Copies every table into a schema beside, as last night's dump has it. The programs that dump are of one version and
 * not in every package; what they write is this.
 */
export async function dump(db: TestDatabase): Promise<void> {
  await db.rows('drop schema if exists night cascade');
  await db.rows('create schema night');
  for (const table of await tablesOf(db))
    await db.rows(`create table night.${table} as table public.${table}`);
  await db.rows(`create table night.numbers as select schemaname, sequencename, last_value from pg_sequences
    where schemaname = 'public'`);
}

/** Puts it back in one transaction, without a trigger and without breaking a connection, as a restore does. */
export async function restore(db: TestDatabase): Promise<void> {
  const tables = await tablesOf(db);
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(`create temp table triggers on commit drop as
      select tgrelid::regclass::text as owner, tgname from pg_trigger
      where tgenabled = 'A' and not tgisinternal and tgparentid = 0 and tgrelid in (
        select oid from pg_class where relnamespace = 'public'::regnamespace)`);
    const { rows: always } = await client.query<{ owner: string; tgname: string }>('select * from triggers');
    for (const { owner, tgname } of always)
      await client.query(`alter table ${owner} disable trigger ${tgname}`);
    await client.query(`truncate ${tables.map((table) => `public.${table}`).join()} cascade`);
    for (const table of tables) {
      const columns = await columnsOf(db, table);
      await client.query(
        `insert into public.${table} (${columns}) overriding system value select ${columns} from night.${table}`,
      );
    }
    await client.query(`select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 1),
      last_value is not null) from night.numbers`);
    for (const { owner, tgname } of always)
      await client.query(`alter table ${owner} enable always trigger ${tgname}`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function tablesOf(db: TestDatabase): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname <> 'rollout_migrations' and relname <> 'app_repositories' order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function columnsOf(db: TestDatabase, table: string): Promise<string> {
  const [row] = await db.rows<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [`public.${table}`],
  );
  return row?.columns ?? '';
}
