import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { migrationStatus } from '../../../src/store/db/migrate.ts';
import { selfCheck } from '../../../src/store/db/self-check.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, importRows, memberOf, repository } from '../../helpers/data/features.ts';
import { importText } from '../../helpers/data/imports.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;
let reader: pg.Pool;
let controller: pg.Pool;
let recorder: pg.Pool;
let tables: string[];

beforeAll(async () => {
  db = await testDatabase();
  await applyFeature(db.pool, 'capture', { percentage: 50 });
  await importRows(db.pool, [repository('r1')]);
  reader = await memberOf(db, 'rollout_reader');
  controller = await memberOf(db, 'rollout_controller');
  recorder = await memberOf(db, 'rollout_recorder');
  const found = await db.rows<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
       and relkind in ('r', 'p', 'v') and not relispartition and relname not in
       ('rollout_batches', 'rollout_outcome_ids') order by 1`,
  );
  tables = found.map(({ name }) => name);
});

const denied = /permission denied|must be owner/;

/** What a role may write directly, by the text of a statement that would change nothing if it were let. */
async function writable(pool: pg.Pool): Promise<string[]> {
  const let_: string[] = [];
  for (const table of tables) {
    for (const sql of [`delete from ${table} where false`, `truncate ${table}`]) {
      const failure = await pool.query(`begin; ${sql}; rollback`).then(
        () => null,
        (error: Error) => error,
      );
      await pool.query('rollback');
      if (failure === null) let_.push(sql);
      else
        expect(failure.message).toMatch(/permission denied|cannot (delete|truncate)|not a table|append-only/);
    }
    const { rows } = await pool.query<{ insert: boolean; update: boolean }>(
      `select has_table_privilege($1, 'insert') as insert, has_table_privilege($1, 'update') as update`,
      [table],
    );
    if (rows[0]?.insert || rows[0]?.update) let_.push(table);
  }
  return let_;
}

describe('rollout_reader', () => {
  it('rollout_reader may read every table and everything that plan and status need', async () => {
    for (const table of [
      'rollout_configuration',
      'rollout_history',
      'repository_categories',
      'rollout_state',
    ]) {
      const { rows } = await reader.query(`select count(*)::int from ${table}`);
      expect([table, rows]).not.toEqual([table, [{ count: 0 }]]);
    }
    for (const table of tables) await reader.query(`select * from ${table} limit 1`);
    await createStore(reader).reading(async (read) => {
      expect((await read.features.eligible('capture')).get('capture')?.map(({ total }) => total)).toEqual([
        1,
      ]);
      expect(await read.registry.evaluate('capture', 'r1')).toMatchObject({ bucket: expect.any(Number) });
      expect(await read.features.standings()).toHaveLength(1);
    });
    expect(await verifyHistory(reader)).toMatchObject({ valid: true });
    expect((await migrationStatus(reader)).pending).toEqual([]);
    await selfCheck(reader);
  });

  it('rollout_reader may write nothing, neither directly nor through a function', async () => {
    expect(await writable(reader)).toEqual([]);
    const store = createStore(reader);
    for (const attempt of [
      () => store.incidents.stop('capture', 'why', 'eve'),
      () => store.registry.categorizeAll({ actor: 'eve' }),
      () => importRows(reader, [repository('r2')]),
      () => applyFeature(reader, 'capture', { percentage: 100 }),
      () => reader.query(`select rollout_append_history('capture', 'note', 'hello')`),
      () => reader.query(`select rollout_open_incident('capture', 'drift', 'info', '', '{}', '{}')`),
      () => reader.query(`select rollout_resolve_names('{r1}')`),
      () => reader.query(`select rollout_create_partitions('2030-01-01', 1)`),
      () => reader.query(`select rollout_record_override('capture', 'X', '1', true)`),
    ]) {
      await expect(attempt()).rejects.toThrow(denied);
    }
  });
});

describe('rollout_controller', () => {
  it('rollout_controller may do everything that the store does', async () => {
    const store = createStore(controller);
    await applyFeature(controller, 'search', { percentage: 50, whitelist: ['acme/new'] });
    expect(await importRows(controller, [repository('r9', { name: 'acme/new' })])).toMatchObject({
      added: 1,
    });
    expect(await importText(controller, 'id\nc1\n', { subject: 'customer' })).toMatchObject({ added: 1 });
    expect(await store.registry.setTestRepositories({ actor: 'ada' }, ['acme/new'])).toMatchObject({
      changed: 1,
    });
    expect(await store.registry.categorizeAll({ actor: 'ada' })).toMatchObject({ changed: 0 });
    await store.registry.resolveNames('ada');
    await store.features.finishReconcile({
      environment: 'test',
      revision: 'c0ffee',
      freezes: [],
      policy: null,
      outcomes: null,
      notify: null,
    });
    expect(await store.registry.refreshFromSource({ actor: 'ada' })).toBeNull();
    expect(await store.incidents.stop('search', 'it burns', 'ada')).toMatchObject({ stopped: ['search'] });
    await applyFeature(controller, 'search', { percentage: 10 });
    expect((await migrationStatus(controller)).pending).toEqual([]);
    const [role] = (await controller.query(`select current_user as name`)).rows;
    expect((await historyOf(db.pool, 'search')).map(({ session_role }) => session_role)).toEqual(
      Array(5).fill(role.name),
    );
    expect(await verifyHistory(controller)).toMatchObject({ valid: true });
  });

  it('rollout_controller may neither touch history or recorded outcomes nor delete anything', async () => {
    const open = await writable(controller);
    expect(open.filter((what) => /^(delete|truncate)/.test(what))).toEqual([]);
    expect(open).not.toContain('rollout_history');
    expect(open).not.toContain('rollout_category_history');
    expect(open).not.toContain('rollout_metrics');
    await expect(controller.query(`alter table rollout_configuration disable trigger all`)).rejects.toThrow(
      denied,
    );
    await expect(controller.query(`set session_replication_role = replica`)).rejects.toThrow(denied);
  });
});

describe('rollout_recorder', () => {
  it('rollout_recorder may decide and record what its functions record', async () => {
    const { rows } = await recorder.query(
      `select is_repository_eligible_for_rollout('r1', 'capture') as eligible, (rollout_evaluate('capture', 'r1')).reason`,
    );
    expect(rows).toEqual([{ eligible: expect.any(Boolean), reason: 'percentage' }]);
    await recorder.query(`select rollout_record_override('capture', 'ROLLOUT_PERCENTAGE', '5', true, 'web')`);
    await recorder.query(`select rollout_record_override('capture', 'ROLLOUT_PERCENTAGE', '5', true, 'web')`);
    const kept = (await historyOf(db.pool, 'capture')).filter(({ action }) => action === 'env_override');
    expect(kept).toMatchObject([{ reason: 'ROLLOUT_PERCENTAGE=5 is in force' }]);
  });

  it('rollout_recorder may neither write directly nor change what is live', async () => {
    expect(await writable(recorder)).toEqual([]);
    const store = createStore(recorder);
    await expect(store.incidents.stop('capture', 'why', 'eve')).rejects.toThrow(denied);
    await expect(store.registry.categorizeAll({ actor: 'eve' })).rejects.toThrow(denied);
    await expect(applyFeature(recorder, 'capture', { percentage: 100 })).rejects.toThrow(denied);
  });
});

describe('a function that runs with the rights of its owner', () => {
  it('a function with its owner’s rights is not fooled by a temporary table or function of the same name', async () => {
    const client = await recorder.connect();
    try {
      await client.query(`create temp table rollout_state (only_row boolean, generation bigint, global_stop boolean);
        insert into rollout_state values (true, 0, false);
        create temp table rollout_configuration (feature_name text, is_active boolean);
        create temp table rollout_history (id bigint);
        create function pg_temp.rollout_bucket(text, text) returns integer language sql as 'select 0';
        create function pg_temp.format(text, text) returns text language sql as $$select 'captured'$$;
        set search_path = pg_temp, public`);
      const before = await historyOf(db.pool);
      await client.query(`select public.rollout_record_override('capture', 'ROLLOUT_STRATEGY', 'x', false)`);
      const added = (await historyOf(db.pool)).slice(before.length);
      expect(added).toMatchObject([{ reason: 'ROLLOUT_STRATEGY=x is refused', id: before.length + 1 }]);
      const { rows } = await client.query(`select valid from public.rollout_verify_history()`);
      expect(rows).toEqual([{ valid: true }]);
      const evaluated = await client.query(
        `select reason, bucket from public.rollout_evaluate('capture', 'r1')`,
      );
      const honest = await db.rows(`select reason, bucket from rollout_evaluate('capture', 'r1')`);
      expect(evaluated.rows).toEqual(honest);
    } finally {
      client.release(true);
    }
  });
});
