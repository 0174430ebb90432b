import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { openPool } from '../../../src/store/db/client.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { readRights } from '../../../src/store/db/rights.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { record } from '../../helpers/data/traffic.ts';
import { databaseUrl } from '../../helpers/database/server.ts';
import { DEBIAN_POSTGRES, debianServer } from '../../helpers/debian/debian.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';

const bin = DEBIAN_POSTGRES;
const run = promisify(execFile);
const tool = (name: string, ...args: string[]) => run(join(bin ?? '', name), args);

let server: string;
let pool: pg.Pool;
let dump: string;
let kept: Record<string, string>;
let digest: string;

const open: pg.Pool[] = [];

function poolOf(name: string): pg.Pool {
  const one = openPool(databaseUrl(server, name));
  open.push(one);
  return one;
}

async function migrated(name: string): Promise<void> {
  const client = new pg.Client(databaseUrl(server, name));
  await client.connect();
  await migrate(client);
  await client.end();
}

/** Every row of every table of ours. */
async function contents(db: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await db.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const all: Record<string, string> = {};
  for (const { name } of rows) {
    const found = await db.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from ${name} t`,
    );
    all[name] = found.rows[0]?.sum ?? '';
  }
  return all;
}

/** The commands of a fenced block of docs/restore.md, without `rollout` and with our programs, URLs and files. */
async function recipe(heading: string, url: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, '../../../docs/restore.md'), 'utf8');
  const block = text.split(`## ${heading}`)[1]?.split('```sh')[1]?.split('```')[0] ?? '';
  const commands = block
    .split('\n')
    .filter((line) => line.trim() !== '' && !/rollout migrate|createdb/.test(line));
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    await run('sh', ['-c', command.replace('rollout.dump', '"$DUMP"')], {
      env: { PATH: `${bin}:${process.env.PATH}`, DATABASE_URL: url, RESTORED_URL: url, DUMP: dump },
    });
  }
}

describe.skipIf(bin === null)(
  `dump and restore with Debian's PostgreSQL (skipped where it is not installed)`,
  () => {
    beforeAll(async () => {
      server = await debianServer();
      const admin = poolOf('postgres');
      for (const name of ['live', 'empty']) await admin.query(`create database ${name}`);
      await migrated('live');
      pool = poolOf('live');
      await applyFeature(pool, 'one', { percentage: 50, whitelist: ['acme/one'] });
      await applyFeature(pool, 'two', { percentage: 10 });
      await importRows(pool, [repository('r1', { name: 'acme/one' }), repository('r2')]);
      const rows = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
        (await pool.query<T>(sql, values)).rows;
      await record({ pool, rows }, 'one', { jobs: 20, errors: 2 });
      await createStore(pool).incidents.stop('two', 'it fails', 'ada');
      dump = join(await temporaryFolder(), 'rollout.dump');
      await tool('pg_dump', '-Fc', databaseUrl(server, 'live'), '-f', dump);
      kept = await contents(pool);
      digest = (await createStore(pool).reading((read) => read.history.head())) ?? '';
    });

    afterAll(async () => {
      for (const one of open) await one.end();
    });

    it('a restore into an empty database gives every row, a history that verifies, and every right', async () => {
      await recipe('Into an empty database', databaseUrl(server, 'empty'));
      await migrated('empty');
      const restored = poolOf('empty');
      expect(await contents(restored)).toEqual(kept);
      expect(await verifyHistory(restored, digest)).toMatchObject({ valid: true });
      expect(await readRights(restored)).toEqual(await readRights(pool));
    });

    it('a restore over a database that went on gives it back as it was, including stops', async () => {
      await applyFeature(pool, 'three', { percentage: 100 });
      await applyFeature(pool, 'one', { percentage: 90 });
      expect(await contents(pool)).not.toEqual(kept);
      await expect(
        tool(
          'pg_restore',
          '--clean',
          '--if-exists',
          '--exit-on-error',
          '--single-transaction',
          '-d',
          databaseUrl(server, 'live'),
          dump,
        ),
      ).rejects.toThrow(/cannot drop|constraint/);
      await recipe('Over an existing database', databaseUrl(server, 'live'));
      await migrated('live');
      expect(await contents(pool)).toEqual(kept);
      expect(await verifyHistory(pool, digest)).toMatchObject({ valid: true });
      await applyFeature(pool, 'one', { percentage: 60 });
      expect(await verifyHistory(pool)).toMatchObject({ valid: true });
    });
  },
);
