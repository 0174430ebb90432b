import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../scripts/snapshot-database.ts';
import { migrate, migrationStatus } from '../../../src/store/db/migrate.ts';
import { rehearseMigration } from '../../../src/store/db/migrate-rehearsal.ts';
import { emptyDatabase, testDatabase } from '../../helpers/database/database.ts';
import { cliHere } from '../../helpers/processes/cli.ts';

const NOTHING = { added: [], changed: [], removed: [] };

describe('a rehearsal of migrate', () => {
  it('a rehearsal on an empty database lists what migrate then makes, and leaves the database empty', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    const before = await catalogText(client);
    const { pending } = await migrationStatus(client);
    const rehearsed = await rehearseMigration(client);
    expect(await catalogText(client)).toBe(before);
    expect(rehearsed.migrations).toEqual(pending);
    await migrate(client);
    const tables = await db.rows<{ name: string }>(
      `select c.relname::text as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
       order by c.relname collate "C"`,
    );
    expect(rehearsed.tables).toEqual({ ...NOTHING, added: tables.map(({ name }) => name) });
    expect(rehearsed.functions.added).toContain('rollout_bucket(text,text)');
    expect(rehearsed.granted).toContainEqual({
      role: 'rollout_reader',
      privilege: 'select',
      object: 'rollout_state',
    });
    expect(rehearsed.granted.filter(({ role }) => role === 'PUBLIC')).toEqual([]);
  });

  it('a rehearsal on an up-to-date database finds nothing to do', async () => {
    const db = await testDatabase();
    const rehearsed = await rehearseMigration(await db.client());
    expect(rehearsed).toEqual({
      migrations: [],
      tables: NOTHING,
      functions: NOTHING,
      roles: [],
      granted: [],
      revoked: [],
    });
  });

  it('a rehearsal lists the functions, tables and rights that differ afterwards', async () => {
    const db = await testDatabase();
    const client = await db.client();
    // As an older version would have left the database: without the newest migration.
    await client.query(`delete from rollout_migrations where name like '0018%'`);
    await client.query(`drop function rollout_forget, rollout_names_of, rollout_naming_columns, rollout_mentions,
      rollout_erased(text, text, text[], text), rollout_erased(text[], text, text[], text),
      rollout_erased(jsonb, text, text[], text)`);
    await client.query(
      `grant select on rollout_incidents to public; revoke select on rollout_state from rollout_reader`,
    );
    expect(await rehearseMigration(client)).toMatchObject({
      migrations: ['0018_forget'],
      functions: { added: expect.arrayContaining([expect.stringContaining('rollout_forget')]) },
      granted: expect.arrayContaining([
        { role: 'rollout_reader', privilege: 'select', object: 'rollout_state' },
      ]),
      revoked: [{ role: 'PUBLIC', privilege: 'select', object: 'rollout_incidents' }],
    });
    expect((await migrationStatus(client)).pending).toEqual(['0018_forget']);
  });

  it('a rehearsal of a failing migration leaves the session usable', async () => {
    const db = await emptyDatabase();
    const client = await db.client();
    await client.query(`create table rollout_customers (mine text)`);
    await expect(rehearseMigration(client)).rejects.toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining('relation "rollout_customers" already exists'),
    });
    expect((await client.query(`select tablename from pg_tables where schemaname = 'public'`)).rows).toEqual([
      { tablename: 'rollout_customers' },
    ]);
  });

  it('a rehearsal gives up when a session holds a lock, and says that it may be run again', async () => {
    const db = await testDatabase();
    const other = await db.client();
    await other.query(`begin; lock table rollout_state in access exclusive mode`);
    try {
      await expect(rehearseMigration(await db.client())).rejects.toMatchObject({
        code: 'busy',
        message: 'the migration waited too long for a lock of another session',
      });
    } finally {
      await other.query('rollback');
    }
  });
});

describe('rollout migrate --dry-run', () => {
  it('rollout migrate --dry-run prints the changes, exits with 2 and changes nothing; afterwards with 0', async () => {
    const db = await emptyDatabase();
    const env = { DATABASE_URL: db.connectionString };
    const first = await cliHere(['migrate', '--dry-run'], { env });
    expect(first.stdout).toContain('would apply   0001_set-aside-the-originals\n');
    expect(first.stdout).toContain('would grant   execute to rollout_recorder: ');
    expect(first.stdout).toMatch(/\nnothing was changed\n$/);
    expect(first.code).toBe(2);
    expect(await db.rows(`select 1 from pg_tables where schemaname = 'public'`)).toEqual([]);
    expect((await cliHere(['migrate'], { env })).code).toBe(0);
    const second = await cliHere(['migrate', '--dry-run'], { env });
    expect(second).toMatchObject({
      code: 0,
      stdout: 'nothing to do: migrations and rights are up to date\n',
    });
  });

  it('rollout migrate --dry-run also prints what --grants would revoke, and revokes nothing', async () => {
    const db = await testDatabase();
    const env = { DATABASE_URL: db.connectionString };
    await db.rows(`grant select on rollout_events to pg_monitor`);
    const { stdout } = await cliHere(['migrate', '--grants', '--dry-run'], { env });
    expect(stdout).toContain('would revoke  select from pg_monitor: rollout_events\n');
    await cliHere(['migrate', '--grants'], { env });
    expect((await cliHere(['migrate', '--grants', '--dry-run'], { env })).code).toBe(0);
  });
});
