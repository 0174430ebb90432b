import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogText, SNAPSHOT } from '../../scripts/snapshot-database.ts';
import { testDatabase } from '../helpers/database.ts';

it('a migrated database has the catalog that is committed (npx tsx scripts/snapshot-database.ts writes it)', async () => {
  const db = await testDatabase();
  expect(await catalogText(db.pool)).toBe(readFileSync(SNAPSHOT, 'utf8'));
});

it('the partitions of days that come and go are no part of the catalog', async () => {
  const db = await testDatabase();
  const before = await catalogText(db.pool);
  await db.rows(`select rollout_create_partitions('2031-01-01', 3)`);
  const [made] = await db.rows(
    `select count(*)::int as tables from pg_tables where tablename ~ '_203101\\d\\d$'`,
  );
  expect(made).toEqual({ tables: 6 });
  expect(await catalogText(db.pool)).toBe(before);
});

it('every function that runs with the rights of its owner looks names up in pg_catalog alone', async () => {
  const db = await testDatabase();
  const open = await db.rows(
    `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
     and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)`,
  );
  expect(open).toEqual([]);
});

it('every table has row-level security that lets everyone read whom a grant lets in', async () => {
  const db = await testDatabase();
  const open = await db.rows(
    `select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and relname not in ('rollout_migrations') and (not relrowsecurity or (relname !~ '_\\d{8}$' and not exists (
         select from pg_policies where tablename = relname and cmd = 'SELECT' and qual = 'true')))`,
  );
  expect(open).toEqual([]);
});

it('every trigger of configuration and history also fires in a session that says it replicates', async () => {
  const db = await testDatabase();
  const rows = await db.rows(
    `select tgname from pg_trigger where not tgisinternal and tgenabled <> 'A'
       and tgrelid in ('rollout_configuration'::regclass, 'rollout_history'::regclass)`,
  );
  expect(rows).toEqual([]);
});
