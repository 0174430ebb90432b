import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../../src/store/db/client.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { readRights } from '../../../src/store/db/rights.ts';
import { type Embedded, useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { applyFeature, historyOf } from '../../helpers/data/features.ts';
import { embeddedFolder } from '../../helpers/database/embedded.ts';
import { postgresPackage } from '../../helpers/database/postgres-versions.ts';

// Default privileges and the roles anon and authenticated belong to the whole server, so this one is of its own.
let server: Embedded;
let owner: pg.Client;
let pool: pg.Pool;
const lines: string[] = [];

const DEFAULTS = `
  revoke create on schema public from public;
  create role anon nologin; create role authenticated nologin; create role service nologin;
  create role authenticator login noinherit password 'secret';
  grant anon, authenticated, service to authenticator;
  grant usage on schema public to anon, authenticated, service;
  alter default privileges in schema public grant all on tables to anon, authenticated, service;
  alter default privileges in schema public grant all on functions to anon, authenticated, service;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service`;

beforeAll(async () => {
  server = await useEmbedded(await embeddedFolder(), { durable: false, installedFor: postgresPackage() });
  owner = new pg.Client(server.connectionString);
  await owner.connect();
  await owner.query(DEFAULTS);
  await migrate(owner, { log: (line) => lines.push(line) });
  pool = openPool(server.connectionString);
  await applyFeature(pool, 'capture', { percentage: 50 });
});

afterAll(async () => {
  await pool?.end();
  await owner?.end();
  await server?.leave();
});

/** Runs SQL as the public of a hosted database does: logged in as its gateway, with its role for one transaction. */
async function asPublic(role: string, sql: string): Promise<unknown> {
  const url = new URL(server.connectionString);
  url.username = 'authenticator';
  url.password = 'secret';
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    await client.query(`begin; set local role ${role}`);
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Everything in schema public on which a role holds a right, whatever it is. */
async function heldBy(role: string): Promise<unknown[]> {
  const { rows } = await owner.query(
    `select c.relname as name from pg_class c, aclexplode(c.relacl) a
     where c.relnamespace = 'public'::regnamespace and a.grantee = $1::regrole
     union all
     select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     where p.pronamespace = 'public'::regnamespace and a.grantee in (0, $1::regrole)`,
    [role],
  );
  return rows.map(({ name }) => name);
}

describe('with the default privileges of a hosted database', () => {
  it.each(['anon', 'authenticated'])(
    'on a hosted database, the public role %s holds no right on our objects',
    async (role) => {
      expect(await heldBy(role)).toEqual([]);
      for (const sql of [
        `select full_name from repository_categories limit 1`,
        `select rollout_emergency_stop(null, 'x')`,
        `select rollout_take_lease('x', 86400)`,
        `delete from rollout_migrations`,
        `truncate repository_categories, rollout_metrics`,
        `select * from feature_rollouts`,
        `select * from rollout_subjects`,
        `select * from rollout_history`,
        `select rollout_evaluate('capture', 'r1')`,
        `select rollout_grant_roles(true)`,
        `select nextval('rollout_migrations_id_seq')`,
        `create trigger t before insert on rollout_configuration execute function rollout_take_history_lock()`,
      ]) {
        await expect(asPublic(role, sql), sql).rejects.toThrow(/permission denied/);
      }
    },
  );

  it('on a hosted database, a partition that is made later gives the public no right either', async () => {
    await owner.query(`select rollout_create_partitions('2031-01-01', 2)`);
    expect(await heldBy('anon')).toEqual([]);
    await expect(asPublic('anon', `truncate rollout_metrics_20310101`)).rejects.toThrow(/permission denied/);
  });

  it('the rights of a foreign role are reported with the membership to grant, and --grants revokes them', async () => {
    expect(lines).toEqual([
      expect.stringMatching(
        /^service holds rights on \d+ tables and functions beside .* grant rollout_reader to service; .* rollout migrate --grants$/,
      ),
    ]);
    await owner.query('grant rollout_reader to service');
    await migrate(owner, { revokeOthers: true });
    expect((await readRights(owner)).others).toEqual([]);
    expect(await asPublic('service', `select feature_name from rollout_configuration`)).toEqual([
      { feature_name: 'capture' },
    ]);
    await expect(asPublic('service', `select rollout_emergency_stop()`)).rejects.toThrow(/permission denied/);
  });

  it('rights given by --allow are kept by later runs until they are taken away', async () => {
    const eligible = `select is_repository_eligible_for_rollout('r1', 'capture') as eligible`;
    await migrate(owner, { allow: [{ role: 'anon', kind: 'evaluate' }] });
    await migrate(owner, { revokeOthers: true });
    expect(await asPublic('anon', eligible)).toEqual([{ eligible: expect.any(Boolean) }]);
    await expect(asPublic('anon', `select from rollout_configuration`)).rejects.toThrow(/permission denied/);
    await expect(asPublic('authenticated', eligible)).rejects.toThrow(/permission denied/);
    await migrate(owner, { allow: [{ role: 'anon', kind: 'reader' }] });
    expect(await asPublic('anon', `select feature_name from rollout_configuration`)).toHaveLength(1);
    expect(await readRights(owner)).toMatchObject({ open: [], others: [], missing: 0 });
    await migrate(owner, { allow: [{ role: 'anon', kind: 'none' }] });
    expect(await heldBy('anon')).toEqual([]);
    await expect(migrate(owner, { allow: [{ role: 'nowhere', kind: 'reader' }] })).rejects.toThrow(
      `no role named 'nowhere'`,
    );
  });

  it('rights that were lost or given manually are detected and corrected by the next run', async () => {
    await owner.query(`revoke execute on function rollout_evaluate(text, text) from rollout_reader;
      grant execute on function rollout_emergency_stop(text, text) to public;
      grant update (global_stop) on rollout_state to authenticated`);
    expect(await readRights(owner)).toEqual({
      open: [
        { role: 'PUBLIC', objects: 1 },
        { role: 'authenticated', objects: 1 },
      ],
      others: [],
      missing: 1,
      creators: [],
    });
    await migrate(owner);
    expect(await readRights(owner)).toEqual({ open: [], others: [], missing: 0, creators: [] });
    expect(await historyOf(pool)).toHaveLength(1);
  });

  it('a restore without privileges opens everything to everybody, is detected, and is corrected by migrate', async () => {
    // What pg_dump --no-privileges and a restore leave: no list of rights at all, which is the default of PostgreSQL.
    await owner.query(`update pg_class set relacl = null where relnamespace = 'public'::regnamespace;
      update pg_attribute set attacl = null where attrelid in (
        select oid from pg_class where relnamespace = 'public'::regnamespace);
      update pg_proc set proacl = null where pronamespace = 'public'::regnamespace`);
    const { open, missing } = await readRights(owner);
    expect(open).toEqual([{ role: 'PUBLIC', objects: expect.any(Number) }]);
    expect([open[0]?.objects, missing].every((count) => Number(count) > 50)).toBe(true);
    await asPublic('anon', `select rollout_evaluate('capture', 'r1')`);
    await migrate(owner);
    expect(await readRights(owner)).toEqual({ open: [], others: [], missing: 0, creators: [] });
    expect(await heldBy('anon')).toEqual([]);
    await expect(asPublic('anon', `select rollout_emergency_stop()`)).rejects.toThrow(/permission denied/);
  });

  it('a role that may create in schema public is reported', async () => {
    await owner.query(`grant create on schema public to authenticated`);
    const said: string[] = [];
    await migrate(owner, { log: (line) => said.push(line) });
    await owner.query(`revoke create on schema public from authenticated`);
    expect(said).toEqual([
      'authenticated may create tables and functions in schema public: revoke create on schema public from authenticated',
    ]);
  });
});
