import { describe, expect, it } from 'vitest';
import type { RollBack } from '../../../src/store/incidents/roll-back.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, importRows, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const store = createStore(db.pool);
await importRows(
  db.pool,
  Array.from({ length: 200 }, (_, n) => repository(`r${n}`)),
);

const request = (feature: string, rest: Partial<RollBack> = {}): RollBack => ({
  feature,
  actor: 'ada',
  reason: '15 of 20 jobs failed',
  severity: 'critical',
  to: null,
  evidence: { jobs: 20, errors: 15 },
  epoch: null,
  ...rest,
});

const incidentsOf = (feature: string) => store.reading((read) => read.incidents.list({ feature }));
const told = (feature: string) =>
  db.rows('select dedupe_key, severity, message from rollout_outbox where feature_name = $1', [feature]);

describe('taking a feature back', () => {
  it('a rollback switches off, and writes history, incident, epoch and message in one transaction', async () => {
    await applyFeature(db.pool, 'one', { percentage: 50, whitelist: ['r1', 'r2'] });
    const result = await store.incidents.rollBack(request('one', { epoch: 1 }));
    const [incident] = await incidentsOf('one');
    expect(result).toEqual({ done: true, incident: incident?.id, from: 50, eligibleAfter: 0 });
    expect(incident).toMatchObject({
      ...{ kind: 'rollback', state: 'open', severity: 'critical', opened_by: 'ada' },
      ...{ held_percentage: 0, before_percentage: 50, write_back: 'pending' },
    });
    const last = (await historyOf(db.pool, 'one')).at(-1);
    expect(last).toMatchObject({
      ...{ action: 'rollback', reason: '15 of 20 jobs failed', triggered_by: 'ada', epoch: 2 },
      metadata: { evidence: { jobs: 20, errors: 15 } },
    });
    expect(await told('one')).toEqual([
      {
        dedupe_key: `incident:${incident?.id}:opened`,
        severity: 'critical',
        message: 'one was rolled back from 50%: 15 of 20 jobs failed',
      },
    ]);
    expect(await store.incidents.rollBack(request('one'))).toEqual({ done: false, because: { code: 'off' } });
    expect(await incidentsOf('one')).toHaveLength(1);
  });

  it('a rollback to a percentage lowers the feature to it and keeps the whitelist', async () => {
    await applyFeature(db.pool, 'two', { percentage: 50, whitelist: ['r1'] });
    const result = await store.incidents.rollBack(request('two', { to: 10 }));
    expect(result).toMatchObject({ done: true, from: 50 });
    expect(result.done && result.eligibleAfter).toBeGreaterThan(0);
    expect(await incidentsOf('two')).toMatchObject([{ held_percentage: 10 }]);
    expect(await store.incidents.rollBack(request('two', { to: 10 }))).toMatchObject({
      done: false,
      because: { code: 'not_above', percentage: 10, to: 10 },
    });
    expect(await store.incidents.rollBack(request('two', { to: 20 }))).toMatchObject({ done: false });
    expect(await store.incidents.rollBack(request('two'))).toMatchObject({ done: true, eligibleAfter: 0 });
    const [off, lowered] = await incidentsOf('two');
    expect(off).toMatchObject({ state: 'open', before_percentage: 50 });
    expect(lowered).toMatchObject({ state: 'superseded', superseded_by: off?.id });
  });

  it('a rollback on a judgement of an older epoch, or of an unknown feature, does nothing', async () => {
    await applyFeature(db.pool, 'three', { percentage: 50 });
    expect(await store.incidents.rollBack(request('three', { epoch: 2 }))).toEqual({
      done: false,
      because: { code: 'changed_meanwhile' },
    });
    expect(await incidentsOf('three')).toEqual([]);
    expect(await store.incidents.rollBack(request('nothing'))).toMatchObject({ done: false });
  });

  it('a rollback happens once, however many callers see the harm at once', async () => {
    await applyFeature(db.pool, 'four', { percentage: 50 });
    const all = await Promise.all(
      Array.from({ length: 8 }, () => store.incidents.rollBack(request('four', { epoch: 1 }))),
    );
    expect(all.filter(({ done }) => done)).toHaveLength(1);
    expect(await incidentsOf('four')).toHaveLength(1);
    expect(await told('four')).toHaveLength(1);
    expect((await historyOf(db.pool, 'four')).map(({ action }) => action)).toEqual(['created', 'rollback']);
  });

  it('a rollback does not store a manual raise by SQL as the state before it', async () => {
    await applyFeature(db.pool, 'five', { percentage: 20 });
    await db.pool.query(
      `update rollout_configuration set rollout_percentage = 90 where feature_name = 'five'`,
    );
    expect(await store.incidents.rollBack(request('five'))).toMatchObject({ done: true, from: 90 });
    expect(await incidentsOf('five')).toMatchObject([{ before_percentage: 20 }]);
  });

  it('a dozen incidents of one feature are listed in order, the latest one first', async () => {
    for (let n = 1; n <= 12; n++) {
      const name = 'many';
      await applyFeature(db.pool, name, { percentage: 20 + n });
      await store.incidents.rollBack(request(name, { reason: `the ${n}th` }));
      await db.pool.query(`update rollout_incidents set state = 'settled' where feature_name = 'many'`);
    }
    const listed = (await incidentsOf('many')).map(({ reason }) => reason);
    expect(listed).toEqual(Array.from({ length: 12 }, (_, n) => `the ${12 - n}th`));
    const current = await store.reading((read) => read.incidents.current());
    expect(current.findLast(({ feature }) => feature === 'many')?.reason).toBe('the 12th');
  });

  it('a rollback is undone completely if a part of it fails', async () => {
    await applyFeature(db.pool, 'six', { percentage: 20 });
    await db.pool.query(`alter table rollout_outbox add constraint house_rule check (feature_name <> 'six')`);
    await expect(store.incidents.rollBack(request('six'))).rejects.toThrow('house_rule');
    await db.pool.query('alter table rollout_outbox drop constraint house_rule');
    expect(await incidentsOf('six')).toEqual([]);
    expect(await historyOf(db.pool, 'six')).toHaveLength(1);
    expect(await store.incidents.rollBack(request('six'))).toMatchObject({ done: true });
    expect(await store.reading((read) => read.history.verify())).toMatchObject({ valid: true });
  });
});
