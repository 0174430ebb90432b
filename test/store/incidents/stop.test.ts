import { describe, expect, it } from 'vitest';
import { readCurrentIncidents } from '../../../src/store/configuration/actual.ts';
import { evaluateInDatabase } from '../../../src/store/registry/lookup.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

describe('an emergency stop', () => {
  it('a stop switches the feature off for everyone, holds it and writes history, in one transaction', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100, whitelist: ['r1'] });
    const result = await createStore(db.pool).incidents.stop('capture', 'it burns', 'grace');
    expect(result).toEqual({ stopped: ['capture'], already_off: [] });
    expect(await evaluateInDatabase(db.pool, 'capture', 'r1')).toMatchObject({
      eligible: false,
      reason: 'emergency_stop',
    });
    expect(await readCurrentIncidents(db.pool)).toMatchObject([
      {
        feature: 'capture',
        kind: 'emergency_stop',
        state: 'open',
        reason: 'it burns',
        held: { emergency_stop: true, percentage: 100 },
        before: { emergency_stop: false, percentage: 100, whitelist: ['r1'] },
      },
    ]);
    expect((await historyOf(db.pool, 'capture')).at(-1)).toMatchObject({
      action: 'emergency_stop',
      reason: 'it burns',
      triggered_by: 'grace',
      epoch: 2,
    });
  });

  it('a stop of an unknown feature is refused with the names of those that can be stopped', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture');
    await applyFeature(db.pool, 'search', { active: false });
    await db.rows(
      `insert into rollout_configuration (feature_name, archived_at) values ('gone', now()) returning 1`,
    );
    for (const feature of ['captrue', 'gone']) {
      await expect(createStore(db.pool).incidents.stop(feature, 'why', 'grace')).rejects.toMatchObject({
        code: 'unknown_feature',
        message: `there is no feature '${feature}'`,
        hint: 'These can be stopped: capture, search',
      });
    }
    expect(await readCurrentIncidents(db.pool)).toEqual([]);
  });

  it('a stop before the first reconcile is refused with the command that comes first', async () => {
    const db = await testDatabase();
    await expect(createStore(db.pool).incidents.stop('capture', 'why', 'grace')).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: 'none is reconciled yet; run: rollout reconcile',
    });
  });

  it('a stop whose text has a character that the database cannot store is refused with that character', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture');
    const store = createStore(db.pool);
    for (const [feature, reason] of [
      ['capture', 'it \0 burns'],
      ['cap\0ture', 'it burns'],
    ] as const) {
      const refused = { code: 'usage', message: expect.stringContaining('U+0000') };
      await expect(store.incidents.stop(feature, reason, 'grace')).rejects.toMatchObject(refused);
    }
    expect(await readCurrentIncidents(db.pool)).toEqual([]);
  });

  it('a stop holds a feature that is already off', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { active: false, percentage: 50 });
    await createStore(db.pool).incidents.stop('capture', 'not even later', 'grace');
    expect(await db.rows(`select is_active, emergency_stop from rollout_configuration`)).toEqual([
      { is_active: false, emergency_stop: true },
    ]);
    expect(await readCurrentIncidents(db.pool)).toMatchObject([{ state: 'open', kind: 'emergency_stop' }]);
  });

  it('a second stop changes nothing, not even the generation', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    await applyFeature(db.pool, 'capture', { percentage: 50 });
    await store.incidents.stop('capture', 'it burns', 'grace');
    const state = () => db.rows(`select generation, history_id from rollout_state`);
    const before = await state();
    expect(await store.incidents.stop('capture', 'it still burns', 'grace')).toEqual({
      stopped: [],
      already_off: ['capture'],
    });
    expect(await state()).toEqual(before);
  });

  it('a stop supersedes a weaker incident and inherits its state before and its pull request', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 50 });
    await db.rows(`select rollout_open_incident('capture', 'drift', 'warning', 'by hand',
      rollout_exposure(c) || '{"percentage": 10}', rollout_exposure(c)) from rollout_configuration c`);
    await db.rows(`update rollout_incidents set write_back_pull_request = 7`);
    await createStore(db.pool).incidents.stop('capture', 'it burns', 'grace');
    expect(
      await db.rows(
        `select kind, state, held ->> 'percentage' as held, before ->> 'percentage' as before,
           write_back_pull_request as pr, superseded_by is not null as superseded from rollout_incidents order by id`,
      ),
    ).toMatchObject([
      { kind: 'drift', state: 'superseded', superseded: true },
      { kind: 'emergency_stop', state: 'open', held: '10', before: '50.00', pr: 7 },
    ]);
  });

  it('the write-back of a superseded incident is shown as handed on, and one already done as done', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 50 });
    const store = createStore(db.pool);
    const lower = (to: number) =>
      db.rows(`select rollout_open_incident('capture', 'drift', 'warning', 'by hand',
        rollout_exposure(c) || '{"percentage": ${to}}', null) from rollout_configuration c`);
    await lower(20);
    await db.rows(`update rollout_incidents set write_back = 'done'`);
    await lower(10);
    await store.incidents.stop('capture', 'it burns', 'grace');
    await store.reading(async (read) => {
      const lists = [
        await read.incidents.list(),
        await read.incidents.details(10),
        await read.incidents.toTell(),
      ];
      for (const list of lists) {
        expect(list.map(({ write_back }) => write_back).sort()).toEqual(['done', 'handed_on', 'pending']);
      }
    });
  });

  it('a stop of everything latches, so that a feature that is added later is off too', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    await applyFeature(db.pool, 'search', { percentage: 100 });
    expect(await store.incidents.stop(null, 'all of it', 'grace')).toEqual({
      stopped: ['capture', 'search'],
      already_off: [],
    });
    await applyFeature(db.pool, 'later', { percentage: 100 });
    expect(await evaluateInDatabase(db.pool, 'later', 'r1')).toMatchObject({
      eligible: false,
      reason: 'global_stop',
    });
    const { global_stop } = await store.reading((read) => read.state());
    expect(global_stop).toMatchObject({ reason: 'all of it', by: 'grace' });
  });

  it('a stop by psql records the database role, and a default reason if none is given', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    expect(await db.rows(`select * from rollout_emergency_stop('capture')`)).toEqual([
      { feature_name: 'capture', result: 'stopped' },
    ]);
    const [me] = await db.rows<{ name: string }>(`select session_user as name`);
    expect((await historyOf(db.pool, 'capture')).at(-1)).toMatchObject({
      triggered_by: `sql:${me?.name}`,
      reason: 'stopped by SQL',
    });
  });
});

describe('a stop does not wait', () => {
  it('a stop waits neither for an import’s file nor for its rows', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const columns = {
      id: true,
      name: true,
      star_count: true,
      contributor_count: true,
      pr_count: true,
      attributes: false,
    };
    const importing = store.registry.importRepositories(
      { actor: 'ada', reason: 'a long import' },
      columns,
      (async function* () {
        yield [{ line: 2, ...repository('r1') }];
        await finished;
      })(),
      () => {},
    );
    expect(await store.incidents.stop('capture', 'it burns', 'grace')).toMatchObject({
      stopped: ['capture'],
    });
    finish();
    expect(await importing).toMatchObject({ added: 1, movements: [] });
  });

  it('a stop waits neither for a running categorisation nor for a reader of the feature’s row', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    await db.rows(
      `insert into repository_categories (repository_id, star_count) values ('r1', 5), ('r2', 5)`,
    );
    const [holder, categorising] = [await db.client(), await db.client()];
    await holder.query(`begin; select from repository_categories where repository_id = 'r2' for update;
      select from rollout_configuration for key share`);
    const waiting = categorising.query(`select categorize_all_repositories()`);
    await waitForLock(db.pool);
    expect(await createStore(db.pool).incidents.stop('capture', 'it burns', 'grace')).toMatchObject({
      stopped: ['capture'],
    });
    await holder.query('commit');
    await waiting;
    expect(await db.rows(`select category from repository_categories`)).toEqual([
      { category: 'small' },
      { category: 'small' },
    ]);
  });
});

/** Until one session of this database waits for a lock of another. */
async function waitForLock(pool: { query(sql: string): Promise<{ rows: unknown[] }> }): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
