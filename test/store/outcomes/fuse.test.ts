import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { openJobs, recordEnds } from '../../../src/store/outcomes/jobs.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, memberOf } from '../../helpers/data/features.ts';
import { spec } from '../../helpers/data/specs.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';
import {
  addFeature,
  excuse,
  fuseWorld,
  jobs,
  LIVE,
  OFF,
  ROLLBACK,
  record,
  recorded,
  standing,
  trip,
} from './fuse-world.ts';
import { score } from './score.ts';

/** So that what was just looked at is looked at again. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('the fuse', () => {
  it('the fuse switches off in the transaction that records the failures, with a recorder’s rights', async () => {
    const db = await fuseWorld();
    const recorder = await memberOf(db, 'rollout_recorder');
    await record(recorder, jobs(60));
    expect(await standing(db)).toEqual(OFF);
    expect(await recorded(db)).toBe(60);
    const reason = expect.stringMatching(
      /^60 of 60 finished jobs failed since .* UTC, in 60 spans; at a limit of 5% that is evidence [\d.]+ against 8\.5 needed$/,
    );
    expect(
      await db.rows(`select severity, reason, opened_by, (held ->> 'percentage')::float8 as held, (before ->> 'percentage')::float8 as before,
        evidence ->> 'jobs' as jobs, write_back from rollout_incidents`),
    ).toEqual([
      {
        severity: 'critical',
        reason,
        opened_by: 'fuse',
        held: 0,
        before: 50,
        jobs: '60',
        write_back: 'pending',
      },
    ]);
    const history = await historyOf(db.pool, 'checkout');
    expect(history.at(-1)).toMatchObject({ action: 'rollback', triggered_by: 'fuse', epoch: 2, reason });
    // The incident is mentioned by the rollback: no note of an edit by SQL follows it.
    expect(history.filter(({ action }) => action === 'note')).toEqual([]);
    expect(await db.rows(`select kind, severity, details ->> 'from' as "from" from rollout_outbox`)).toEqual([
      { kind: 'rolled_back', severity: 'critical', from: '50.00' },
    ]);
    expect(await db.rows('select valid from rollout_verify_history()')).toEqual([{ valid: true }]);
  });

  it('the fuse does nothing for a feature within its limit, or for two failing subjects', async () => {
    const db = await fuseWorld();
    await record(db.pool, [...jobs(200, { ok: true }), ...jobs(4)]);
    await record(db.pool, jobs(2));
    expect(await standing(db)).toEqual(LIVE);
    expect(await excuse(db)).toEqual({ excuse: null, crossed: false });
  });

  it('the fuse names the category if only that category fails', async () => {
    const db = await fuseWorld();
    const large = [...Array(24)].flatMap((_, place) =>
      jobs(1, { category: 'large', subject: `big${place}` }),
    );
    await record(db.pool, [...jobs(900, { category: 'small', ok: true }), ...large]);
    expect(await standing(db)).toEqual(OFF);
    expect(await db.rows('select reason from rollout_incidents')).toEqual([
      { reason: expect.stringContaining('in category large: 24 of 24 finished jobs failed') },
    ]);
  });

  it.each([
    ['rollback.enabled is false', { rollback: { ...ROLLBACK, enabled: false } }],
    ['rollback.fuse is false', { rollback: { ...ROLLBACK, fuse: false } }],
    ['the feature is judged by the plain rule', { analysis: 'threshold' }],
  ] satisfies [string, Partial<Spec>][])(
    'the fuse records and leaves the feature alone where %s',
    async (_, overrides) => {
      const db = await fuseWorld(overrides);
      await record(db.pool, jobs(60));
      expect(await standing(db)).toEqual(LIVE);
      expect(await recorded(db)).toBe(60);
      expect(await trip(db)).toBe(0);
      expect(await standing(db)).toEqual(LIVE);
    },
  );

  it('the fuse rolls a paused feature back: a pause stops steps, not the fuse', async () => {
    const db = await fuseWorld({ paused: true });
    await record(db.pool, jobs(60));
    expect(await standing(db)).toEqual(OFF);
  });

  it('the fuse leaves a stopped feature alone and opens no second incident', async () => {
    const db = await fuseWorld();
    await createStore(db.pool).incidents.stop('checkout', 'it burns', 'grace');
    await record(db.pool, jobs(60));
    await record(db.pool, jobs(60, { epoch: 2 }));
    expect(await trip(db)).toBe(0);
    expect(await standing(db)).toMatchObject({ active: true, incidents: ['emergency_stop open'] });
  });

  it('the fuse leaves every feature alone under the global stop', async () => {
    const db = await fuseWorld();
    await createStore(db.pool).incidents.stop(null, 'everything burns', 'grace');
    await db.rows(`update rollout_incidents set state = 'resumed'; `);
    await record(db.pool, jobs(60, { epoch: 2 }));
    expect(await trip(db)).toBe(0);
    expect((await standing(db))?.incidents).toEqual(['emergency_stop resumed']);
  });
});

describe('the fuse beside others', () => {
  it('the fuse does not wait for the history lock: outcomes are recorded, and the next call acts', async () => {
    const db = await fuseWorld();
    const other = await db.client();
    await other.query('begin; select from rollout_state for update');
    expect(await record(db.pool, jobs(60))).toBe(true);
    expect(await recorded(db)).toBe(60);
    expect(await standing(db)).toEqual(LIVE);
    expect(await excuse(db)).toEqual({ excuse: null, crossed: true });
    expect(await trip(db)).toBe(1);
    // Jobs that end well afterwards do not take the crossing back.
    await record(db.pool, jobs(2_000, { ok: true }));
    await other.query('rollback');
    expect(await trip(await memberOf(db, 'rollout_recorder'))).toBe(0);
    expect(await standing(db)).toEqual(OFF);
  });

  it('the fuse acts once for any number of flushes that cross at the same time', async () => {
    const db = await fuseWorld();
    await Promise.all(
      Array.from({ length: 8 }, (_, place) =>
        record(db.pool, jobs(40, { subject: `s${place}` }).concat(jobs(60))),
      ),
    );
    await trip(db);
    expect(await standing(db)).toEqual(OFF);
    expect(await recorded(db)).toBe(8 * 100);
  });

  it('a pending fuse does nothing if a person stopped the feature first', async () => {
    const db = await fuseWorld();
    const other = await db.client();
    await other.query('begin; select from rollout_state for update');
    await record(db.pool, jobs(60));
    await other.query('rollback');
    await createStore(db.pool).incidents.stop('checkout', 'it burns', 'grace');
    expect(await trip(db)).toBe(0);
    expect((await standing(db))?.incidents).toEqual(['emergency_stop open']);
  });

  it('the fuse does not switch a resumed feature off again: late failures belong to the previous epoch', async () => {
    const db = await fuseWorld();
    await record(db.pool, jobs(60));
    expect(await standing(db)).toEqual(OFF);
    await db.rows(`update rollout_incidents set state = 'resumed'`);
    await db.rows(
      `update rollout_configuration set is_active = true, rollout_percentage = 50, epoch = epoch + 1`,
    );
    await record(db.pool, jobs(60));
    expect(await trip(db)).toBe(0);
    expect(await standing(db)).toMatchObject({
      active: true,
      percentage: 50,
      incidents: ['rollback resumed'],
    });
  });

  it('a failing rollback of the fuse raises no error, is noted, and is retried; the outcomes are recorded', async () => {
    const db = await fuseWorld();
    await db.pool.query(`alter table rollout_outbox add constraint broken check (kind <> 'rolled_back')`);
    expect(await record(db.pool, jobs(60))).toBe(true);
    expect(await recorded(db)).toBe(60);
    expect(await standing(db)).toEqual(LIVE);
    expect(await db.rows('select problem from rollout_score_faults')).toEqual([
      { problem: expect.stringContaining('broken') },
    ]);
    await db.pool.query('alter table rollout_outbox drop constraint broken');
    expect(await trip(db)).toBe(0);
    expect(await standing(db)).toEqual(OFF);
  });

  it('the fuse leaves the transaction’s actor and reason for its later statements', async () => {
    const db = await fuseWorld();
    await addFeature(db, {}, 'search');
    const client = await db.client();
    await client.query(
      `begin; select set_config('rollout.actor', 'ada', true), set_config('rollout.reason', 'by hand', true)`,
    );
    await record(client, jobs(60));
    await client.query(
      `update rollout_configuration set rollout_percentage = 10 where feature_name = 'search'; commit`,
    );
    expect((await historyOf(db.pool, 'search')).at(-1)).toMatchObject({
      ...{ action: 'updated', triggered_by: 'ada', reason: 'by hand' },
    });
    expect((await historyOf(db.pool, 'checkout')).at(-1)).toMatchObject({
      action: 'rollback',
      triggered_by: 'fuse',
    });
  });
});

describe('a score that is high enough is not acted upon', () => {
  it('a high score is not acted upon while it rests on too few failing spans or finished jobs', async () => {
    const db = await fuseWorld({ thresholds: { ...spec().thresholds, minimum_jobs: 100 } });
    await record(db.pool, jobs(60));
    expect(await excuse(db)).toEqual({ excuse: 'too_few_jobs', crossed: false });
    await moment();
    await record(
      db.pool,
      [...Array(40)].flatMap((_, n) => jobs(1, { subject: `ok${n}`, ok: true })),
    );
    await moment();
    await trip(db);
    expect(await standing(db)).toEqual(OFF);
  });

  it('a high score is not acted upon while the epoch is younger than its jobs take, unless their starts are known', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'checkout', { percentage: 50 });
    await record(db.pool, jobs(60));
    expect(await excuse(db)).toEqual({ excuse: 'young_epoch', crossed: false });
    await moment();
    // 30 timed jobs of control say that jobs take a fraction of a second.
    await record(db.pool, jobs(30, { arm: 'control', ok: true, duration_ms: 1 }));
    await record(db.pool, jobs(40, { arm: 'control', ok: true, duration_ms: 1 }));
    await trip(db);
    expect(await standing(db)).toEqual(OFF);
  });

  it('a high score is not acted upon if little of it is left without its worst subject', async () => {
    const db = await fuseWorld();
    const others = ['a', 'b', 'c', 'd', 'e'];
    // Good jobs of the others that are known by their outcomes, their spans being gone.
    await record(
      db.pool,
      others.flatMap((subject) => jobs(1, { subject, ok: true })),
    );
    const now = Date.now() / 1_000;
    for (let span = 0; span < 12; span++) {
      await score(db.pool, 'checkout', now + span * 301, [
        { subject: 'bad', began: 5, failed: 5 },
        { subject: others[span % 5] ?? '', began: 1 },
      ]);
    }
    await moment();
    await trip(db);
    expect(await excuse(db)).toEqual({ excuse: 'few_subjects', crossed: false });
    expect(await standing(db)).toEqual(LIVE);
  });

  it('a high score caused by one subject is not acted upon unless the policy says so', async () => {
    const blame = async (db: TestDatabase) => {
      const others = ['a', 'b', 'c', 'd', 'e'];
      await record(
        db.pool,
        others.flatMap((subject) => jobs(1, { subject, ok: true })),
      );
      const now = Date.now() / 1_000;
      for (let span = 0; span < 12; span++) {
        await score(db.pool, 'checkout', now + span * 301, [
          { subject: 'bad', began: 5, failed: 5 },
          { subject: others[span % 5] ?? '', began: 1 },
        ]);
      }
      await moment();
      await trip(db);
      return standing(db);
    };
    expect(await blame(await fuseWorld())).toEqual(LIVE);
    expect(await blame(await fuseWorld({ rollback: { ...ROLLBACK, few_subjects: 'rollback' } }))).toEqual(
      OFF,
    );
  });

  it('a high score is acted upon if the worst subject failed in two spans only, as the tick defines it', async () => {
    const db = await fuseWorld({ thresholds: { ...spec().thresholds, max_error_rate: 1 } });
    const now = Date.now() / 1_000;
    const failing = (subject: string) => ({ subject, began: 5, failed: 5 });
    await score(db.pool, 'checkout', now, [failing('bad'), failing('a'), { subject: 'c', began: 1 }]);
    await score(db.pool, 'checkout', now + 301, [failing('bad'), failing('b'), { subject: 'd', began: 1 }]);
    await score(db.pool, 'checkout', now + 602, [{ subject: 'e', began: 1 }]);
    await moment();
    await trip(db);
    expect(await excuse(db)).toEqual({ excuse: null, crossed: true });
    expect(await standing(db)).toEqual(OFF);
  });

  it('a high score is not acted upon while control fails alike, unless the policy says so', async () => {
    const db = await fuseWorld();
    await record(db.pool, [...jobs(60), ...jobs(60, { arm: 'control' })]);
    expect(await excuse(db)).toEqual({ excuse: 'shared_outage', crossed: false });
    expect(await standing(db)).toEqual(LIVE);
    const eager = await fuseWorld({ rollback: { ...ROLLBACK, on_shared_outage: 'rollback' } });
    await record(eager.pool, [...jobs(60), ...jobs(60, { arm: 'control' })]);
    expect(await standing(eager)).toEqual(OFF);
  });

  it('a shared outage stays shared when control has more good jobs than treatment in the hours after it', async () => {
    const db = await fuseWorld();
    await record(db.pool, [...jobs(60), ...jobs(12, { arm: 'control' })]);
    expect(await excuse(db)).toEqual({ excuse: 'shared_outage', crossed: false });
    await db.rows(`with slices as (
        update rollout_slices set started_at = started_at - interval '2 hours' returning 1
      ) update rollout_timelines set slot = slot - 8 * (900 / slot_seconds), last_start_at = last_start_at - interval '2 hours'
      where slot_seconds > 0`);
    await moment();
    // One failure of treatment, and of control 1% of so many jobs that its whole run is below the limit of 5%.
    await record(db.pool, [
      ...jobs(20, { ok: true }),
      ...jobs(1),
      ...jobs(400, { arm: 'control', ok: true }),
      ...jobs(4, { arm: 'control' }),
    ]);
    await moment();
    await trip(db);
    expect(await excuse(db)).toEqual({ excuse: 'shared_outage', crossed: false });
    expect(await standing(db)).toEqual(LIVE);
  });

  it('a high score is not acted upon until control, heard of lately, has had enough jobs', async () => {
    const db = await fuseWorld();
    await record(db.pool, [...jobs(10, { ok: true }), ...jobs(1, { arm: 'control', ok: true })]);
    await moment();
    await record(db.pool, jobs(60));
    expect(await excuse(db)).toEqual({ excuse: 'awaiting_control', crossed: false });
    expect(await trip(db)).toBe(1);
    await moment();
    await record(db.pool, jobs(60, { arm: 'control', ok: true }));
    expect(await trip(db)).toBe(0);
    expect(await standing(db)).toEqual(OFF);
  });

  it('a high score is acted upon once control has been silent for longer than its own pace explains', async () => {
    const db = await fuseWorld();
    await record(db.pool, [
      ...jobs(10, { ok: true, subject: 'steady' }),
      ...jobs(60, { arm: 'control', ok: true }),
    ]);
    // Half an hour ago, before the breakage: since then nothing is known of control.
    await db.rows(`with slices as (
        update rollout_slices set started_at = started_at - interval '30 minutes' returning 1
      ) update rollout_timelines set slot = slot - 2, last_start_at = last_start_at - interval '30 minutes'`);
    await moment();
    await record(db.pool, jobs(60));
    expect(await excuse(db)).toEqual({ excuse: 'awaiting_control', crossed: false });
    await db.rows(`update rollout_levels set excused_at = excused_at - interval '61 s'`);
    // Of 60 jobs an hour none comes within 200 s in one of 28 cases, and within 280 s in one of a hundred.
    await db.rows(`update rollout_timelines set control_heard_at = control_heard_at - interval '200 s'`);
    await moment();
    expect(await trip(db)).toBe(1);
    await db.rows(`update rollout_timelines set control_heard_at = control_heard_at - interval '80 s'`);
    await moment();
    expect(await trip(db)).toBe(0);
    expect(await standing(db)).toEqual(OFF);
  });

  it('after three rollbacks within ten minutes, the fuse leaves the other features to a person', async () => {
    const features = ['one', 'two', 'three', 'four', 'five'];
    const db = await testDatabase();
    for (const feature of features) await addFeature(db, {}, feature);
    for (const feature of features) await record(db.pool, jobs(60, { feature }));
    const active = await db.rows<{ feature: string }>(
      `select feature_name as feature from rollout_configuration where is_active order by 1`,
    );
    expect(active.map(({ feature }) => feature)).toEqual(['five', 'four']);
    expect(await excuse(db, 'four')).toEqual({ excuse: 'storm', crossed: false });
    const called = `select dedupe_key as key, severity, details ->> 'reason_code' as reason, message from rollout_outbox
      where kind = 'suspect' order by id`;
    const calls = ['four', 'five'].map((feature) => ({
      ...{ key: `storm:${feature}:1`, severity: 'critical', reason: 'storm' },
      message: expect.stringContaining(
        `${feature} is suspect, its ramp is frozen: too many features crossed`,
      ),
    }));
    expect(await db.rows(called)).toEqual(calls);
    await moment();
    await trip(db);
    expect(await db.rows(called)).toEqual(calls);
  });
});

describe('jobs that are heard of when they begin', () => {
  it('jobs whose starts are recorded let a young epoch be judged', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'checkout', { percentage: 50 });
    const stamps = jobs(60).map((job) => ({ ...job, id: randomUUID(), routed_at: Date.now() }));
    await openJobs(db.pool, stamps);
    await recordEnds(
      db.pool,
      randomUUID(),
      stamps.map((stamp) => ({ stamp, outcome: stamp })),
    );
    await moment();
    await trip(db);
    expect(await standing(db)).toEqual(OFF);
  });
});
