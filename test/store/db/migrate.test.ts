import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../scripts/snapshot-database.ts';
import { RolloutError } from '../../../src/errors.ts';
import { migrate, migrationStatus } from '../../../src/store/db/migrate.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

const every = readdirSync(join(import.meta.dirname, '../../../migrations'))
  .map((file) => file.replace('.sql', ''))
  .sort();

describe('migrate', () => {
  it('migrate applies every migration to an empty database, and nothing the second time', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    expect(await migrate(client)).toEqual(every);
    const catalog = await catalogText(client);
    expect(await migrate(client)).toEqual([]);
    expect(await catalogText(client)).toBe(catalog);
  });

  it('one of three concurrent migrate runs does the work', async () => {
    const db = await emptyDatabase();
    const clients = await Promise.all([db.client(), db.client(), db.client()]);
    const applied = await Promise.all(clients.map((client) => migrate(client)));
    expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, 0, every.length]);
  });

  it('migrate makes its tables in the schema public, whatever the role’s search path is', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    await client.query(`create schema elsewhere; set search_path = elsewhere, public`);
    await migrate(client);
    const [found] = await db.rows(
      `select count(*)::int as tables from pg_tables where schemaname = 'elsewhere'`,
    );
    expect(found).toEqual({ tables: 0 });
    expect((await migrationStatus(db.pool)).pending).toEqual([]);
  });

  it('a failing migration leaves the database and the session as they were', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    await client.query(`create table rollout_customers (mine text)`);
    await expect(migrate(client)).rejects.toThrow('relation "rollout_customers" already exists');
    expect((await migrationStatus(client)).applied).toEqual([]);
    const { rows } = await client.query(
      `select tablename from pg_tables where tablename like 'rollout_%' order by 1`,
    );
    expect(rows).toEqual([{ tablename: 'rollout_customers' }, { tablename: 'rollout_migrations' }]);
    await client.query(`drop table rollout_customers`);
    expect(await migrate(client)).toEqual(every);
  });

  it('migrate refuses its own tables without their list of migrations instead of taking them for originals', async () => {
    const db = await testDatabase();
    await db.rows(`drop table rollout_migrations`);
    const failure = await migrate(await db.client()).catch((error: RolloutError) => error);
    expect(failure).toBeInstanceOf(RolloutError);
    expect(failure).toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining('the tables of the controller are there, but not the list'),
      hint: expect.stringContaining('Restore public.rollout_migrations'),
    });
    expect(await db.rows(`select count(*)::int as rows from rollout_state`)).toEqual([{ rows: 1 }]);
  });
});

describe('migrate over a list of migrations that is not ours', () => {
  async function refused(db: TestDatabase) {
    const before = await catalogText(db.pool);
    const failure = await migrate(await db.client()).catch((error: RolloutError) => error);
    expect(failure).toBeInstanceOf(RolloutError);
    expect(await catalogText(db.pool)).toBe(before);
    return failure;
  }

  it('migrate refuses the list of a version that was never released and changes nothing', async () => {
    const db = await testDatabase();
    await db.rows(`delete from rollout_migrations where id > 1`);
    await db.rows(`insert into rollout_migrations (name, run_on) values ('0002_configuration', now())`);
    expect(await refused(db)).toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining('never released'),
      hint: expect.stringContaining('empty database'),
    });
  });

  it('migrate refuses the list of a newer version and asks for the update', async () => {
    const db = await testDatabase();
    await db.rows(`insert into rollout_migrations (name, run_on) values ('0099_later', now())`);
    expect(await refused(db)).toMatchObject({
      code: 'database_incompatible',
      message: 'a newer version migrated this database (0099_later)',
      hint: 'nothing was changed; update rollout-controller',
    });
  });
});

describe('the status of migrations', () => {
  it('the status of migrations lists what is missing in an empty database and writes nothing', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    await client.query(`begin read only`);
    expect(await migrationStatus(client)).toEqual({ applied: [], pending: every, foreign: [] });
    await client.query(`commit`);
    expect(await db.rows(`select relname from pg_class where relname like 'rollout%'`)).toEqual([]);
  });

  it('the status of migrations lists the applied migrations', async () => {
    const db = await testDatabase();
    expect(await migrationStatus(db.pool)).toEqual({ applied: every, pending: [], foreign: [] });
  });

  it('the status of migrations names the migration that a newer version adds', async () => {
    const db = await testDatabase();
    const last = every.at(-1);
    await db.rows(`delete from rollout_migrations where name = $1`, [last]);
    expect(await migrationStatus(db.pool)).toEqual({
      applied: every.slice(0, -1),
      pending: [last],
      foreign: [],
    });
  });
});
