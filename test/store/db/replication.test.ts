import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { openPool } from '../../../src/store/db/client.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { type Embedded, useEmbedded } from '../../../src/store/embedded/embedded.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { embeddedFolder } from '../../helpers/database/embedded.ts';
import { postgresPackage } from '../../helpers/database/postgres-versions.ts';
import { databaseUrl } from '../../helpers/database/server.ts';
import { patience } from '../../helpers/run/pace.ts';

let server: Embedded;
let source: pg.Pool;
let copy: pg.Pool;

beforeAll(async () => {
  const folder = await embeddedFolder();
  const first = await useEmbedded(folder, { durable: false, installedFor: postgresPackage() });
  const admin = new pg.Client(first.connectionString);
  await admin.connect();
  await admin.query('alter system set wal_level = logical');
  await admin.query('create database source');
  await admin.query('create database copy');
  await admin.end();
  await first.leave();
  server = await useEmbedded(folder, { durable: false, installedFor: postgresPackage() });
  source = openPool(databaseUrl(server.connectionString, 'source'));
  copy = openPool(databaseUrl(server.connectionString, 'copy'));
  for (const name of ['source', 'copy']) {
    const client = new pg.Client(databaseUrl(server.connectionString, name));
    await client.connect();
    await migrate(client);
    await client.end();
  }
});

afterAll(async () => {
  // Without its slot it asks the publisher for nothing: on PostgreSQL 16 dropping both waited for ever once.
  for (const change of ['disable', 'set (slot_name = none)']) {
    await copy?.query(`alter subscription mirror ${change}`).catch(() => {});
  }
  await copy?.query(`drop subscription if exists mirror`).catch(() => {});
  await source?.end();
  await copy?.end();
  await server?.leave();
});

const everything = async (pool: pg.Pool) =>
  (
    await pool.query(
      `select (select jsonb_agg(to_jsonb(c) order by feature_name) from rollout_configuration c) as features,
         (select jsonb_agg(to_jsonb(h) order by id) from rollout_history h) as history,
         (select jsonb_agg(to_jsonb(i) order by id) from rollout_incidents i) as incidents,
         (select jsonb_agg(to_jsonb(r) order by repository_id) from repository_categories r) as registry,
         (select to_jsonb(s) from rollout_state s) as state`,
    )
  ).rows[0];

it('a logical replica of the tables follows, and its history verifies', {
  timeout: patience(120_000),
}, async () => {
  await copy.query(`delete from rollout_state`);
  await copy.query(`delete from rollout_migrations`);
  await source.query(`create publication ours for all tables`);
  await source.query(`select pg_create_logical_replication_slot('mirror', 'pgoutput')`);
  await applyFeature(source, 'before', { percentage: 10 });
  const at = databaseUrl(server.connectionString, 'source');
  await copy.query(`create subscription mirror connection '${at}' publication ours
    with (create_slot = false, slot_name = 'mirror')`);

  await applyFeature(source, 'capture', { percentage: 50, whitelist: ['acme/new'] });
  await importRows(source, [repository('r9', { name: 'acme/new' })]);
  await createStore(source).incidents.stop('capture', 'why', 'ada');
  await expect
    .poll(() => everything(copy), { timeout: patience(100_000), interval: 200 })
    .toEqual(await everything(source));
  expect(await verifyHistory(copy)).toMatchObject({ valid: true, problem: null });
  await expect(copy.query(`delete from rollout_history`)).rejects.toThrow('append-only');
});
