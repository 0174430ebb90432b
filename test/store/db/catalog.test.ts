import { expect, it } from 'vitest';
import { catalogText, committedCatalog } from '../../../scripts/snapshot-database.ts';
import { testDatabase } from '../../helpers/database/database.ts';

it('a migrated database has the committed catalog (npx tsx scripts/snapshot-database.ts writes it)', async () => {
  const db = await testDatabase();
  expect(await catalogText(db.pool)).toBe(await committedCatalog(db.pool));
});

it('the catalog leaves out partitions of days, which come and go', async () => {
  const db = await testDatabase();
  const before = await catalogText(db.pool);
  await db.rows(`select rollout_create_partitions('2031-01-01', 3)`);
  const [made] = await db.rows(
    `select count(*)::int as tables from pg_tables where tablename ~ '_203101\\d\\d$'`,
  );
  expect(made).toEqual({ tables: 9 });
  expect(await catalogText(db.pool)).toBe(before);
});

it('every function with the rights of its owner looks names up in pg_catalog alone', async () => {
  const db = await testDatabase();
  const open = await db.rows(
    `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
     and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)`,
  );
  expect(open).toEqual([]);
});

it('every table has row-level security, with a policy that lets our roles read and nobody else', async () => {
  const db = await testDatabase();
  const open = await db.rows(
    `select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and (not relrowsecurity or (not relispartition and not exists (
         select from pg_policies where tablename = relname and cmd = 'SELECT' and qual = 'true'
           and roles::text[] @> array['rollout_reader', 'rollout_recorder', 'rollout_controller'])))
     union all
     select tablename from pg_policies where schemaname = 'public' and 'public' = any (roles)`,
  );
  expect(open).toEqual([]);
});

it('triggers that write do not fire on a replica, and triggers that refuse do', async () => {
  const db = await testDatabase();
  const rows = await db.rows(
    `select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'
       and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) order by 1`,
  );
  expect(rows).toEqual([
    { tgname: 'rollout_refuse_history_change' },
    { tgname: 'rollout_refuse_history_truncate' },
  ]);
});

it('every trigger function refuses to run for another table', async () => {
  const db = await testDatabase();
  const functions = await db.rows<{ name: string }>(
    `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace
       and p.prorettype = 'trigger'::regtype order by 1`,
  );
  expect(functions.length).toBeGreaterThan(7);
  const client = await db.client();
  await client.query('create temp table elsewhere (a int)');
  for (const { name } of functions) {
    await client.query(`create or replace trigger other before insert on elsewhere
      for each row execute function public.${name}()`);
    await expect(client.query('insert into elsewhere values (1)'), name).rejects.toThrow(
      /^other is not a trigger of /,
    );
  }
});

it('every function qualifies our names, so that none depends on a search path', async () => {
  const db = await testDatabase();
  const names = await db.rows<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
     union select proname from pg_proc where pronamespace = 'public'::regnamespace`,
  );
  const bodies = await db.rows<{ name: string; body: string }>(
    `select proname as name, regexp_replace(prosrc, '--[^\\n]*|''[^'']*''', '', 'g') as body from pg_proc
     where pronamespace = 'public'::regnamespace`,
  );
  const bare = new RegExp(`(?<![.\\w])(${names.map(({ name }) => name).join('|')})(?![.\\w])`);
  expect(bodies.flatMap(({ name, body }) => (bare.test(body) ? [[name, bare.exec(body)?.[0]]] : []))).toEqual(
    [],
  );
});
