import { describe, expect, it } from 'vitest';
import { webhook } from '../../helpers/http/webhook.ts';
import { tickWorld } from '../../helpers/projects/tick-world.ts';

/** Above the warning rate of 2.5%, below the limit of 5%. */
const WARNING = { jobs: 3_000, errors: 135 };
const HARM = { jobs: 20, errors: 15 };

describe('what people are told', () => {
  it('a tick notifies each turn once: a warning while it lasts, the recovery, then the next warning', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', { jobs: 100 });
    expect((await world.tick()).printed).toEqual([]);
    await world.record('one', WARNING);
    expect((await world.tick()).printed).toEqual(['warning warning one']);
    expect((await world.tick()).printed).toEqual([]);
    await world.record('one', { ...WARNING, category: 'small' });
    expect((await world.tick()).printed).toEqual([]);
    await world.pass(60);
    await world.record('one', { jobs: 20_000 }, { jobs: 20_000, category: 'small' });
    expect((await world.tick()).printed).toEqual(['info recovered one']);
    expect((await world.tick()).printed).toEqual([]);
    await world.pass(60);
    await world.record('one', { jobs: 20_000, errors: 800 });
    expect((await world.tick()).printed).toEqual(['warning warning one']);
  });

  it('a live feature without outcomes is notified once, after a whole window', async () => {
    const world = await tickWorld({
      one: { percentage: 25, thresholds: { window: '2h' } },
      off: { active: false, percentage: 50 },
      nobody: { percentage: 0 },
    });
    expect((await world.tick()).printed).toEqual([]);
    await world.pass(105);
    expect((await world.tick()).printed).toEqual([]);
    await world.pass(15);
    expect((await world.tick()).printed).toEqual(['warning no_data one']);
    await world.pass(600);
    expect((await world.tick()).printed).toEqual([]);
  });

  it('a tick notifies a rollback, then its settlement', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    expect((await world.tick()).printed).toEqual(['critical rolled_back one', 'info settled one']);
    expect((await world.tick()).printed).toEqual([]);
  });

  it('a tick notifies a stop by SQL and a manual reduction', async () => {
    const world = await tickWorld({
      one: { percentage: 25, rollback: { via: 'pull_request' } },
      two: { percentage: 25, rollback: { via: 'pull_request' } },
    });
    await world.db.pool.query(`select rollout_emergency_stop('one', E'it\\n::error::burns \\x1b[31m')`);
    await world.db.pool.query(
      `update rollout_configuration set rollout_percentage = 5 where feature_name = 'two'`,
    );
    const { printed } = await world.tick();
    expect(printed).toEqual(['critical stopped one', 'warning lowered two']);
    expect((await world.tick()).printed).toEqual([]);
  });

  it('a tick notifies that a verdict became critical, even if the verdict is the same', async () => {
    const world = await tickWorld({ one: { percentage: 25, thresholds: { critical_error_rate: 20 } } });
    const control = { jobs: 4_000, errors: 480, arm: 'control' as const };
    await world.record('one', { jobs: 1_000, errors: 120 }, control);
    expect((await world.tick()).printed).toEqual(['warning suspect one']);
    expect((await world.tick()).printed).toEqual([]);
    await world.pass(15);
    await world.record('one', { jobs: 1_000, errors: 400 }, { jobs: 4_000, errors: 1_600, arm: 'control' });
    expect((await world.tick()).printed).toEqual(['critical suspect one']);
    expect((await world.tick()).printed).toEqual([]);
  });
});

describe('a webhook', () => {
  it('a webhook that is down fails no tick, and gets every message later, once and in order', async () => {
    const hook = await webhook();
    const world = await tickWorld({ one: { percentage: 25 } });
    await hook.down();
    await world.record('one', HARM);
    const first = await world.tick({ webhook: hook.url });
    expect(first.delivery).toMatchObject({ delivered: 0, waiting: 2 });
    expect(first.delivery?.error).toContain('could not be reached');
    expect(first.heartbeat).toBeInstanceOf(Date);
    expect(first.printed).toHaveLength(2);
    expect((await world.tick({ webhook: hook.url })).printed).toEqual([]);
    await hook.up();
    const later = await world.tick({ webhook: hook.url });
    expect(later.delivery).toEqual({ delivered: 2, waiting: 0, error: null });
    expect(later.printed).toEqual([]);
    expect(hook.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
    await world.tick({ webhook: hook.url });
    expect(hook.received).toHaveLength(2);
    const outputs = JSON.stringify([first, later, await world.db.rows('select * from rollout_outbox')]);
    expect(outputs).not.toContain('T0SECRET');
  });

  it('a webhook whose answer was lost gets the message again with the same key', async () => {
    const hook = await webhook();
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    hook.answer('none');
    expect((await world.tick({ webhook: hook.url })).delivery).toMatchObject({ delivered: 0 });
    hook.answer(200);
    await world.tick({ webhook: hook.url });
    const [lost, again] = hook.received;
    expect(again?.body).toEqual(lost?.body);
    expect(again?.headers['idempotency-key']).toBe('incident:1:opened');
    expect(hook.keys()).toEqual(['incident:1:opened', 'incident:1:opened', 'incident:1:settled']);
  });

  it('a webhook that refuses one message gets the others, and an overloaded one is left alone', async () => {
    const hook = await webhook();
    const features = Object.fromEntries(['a', 'b', 'c'].map((key) => [key, { percentage: 5 }]));
    const world = await tickWorld(features);
    await world.commit('features: [', 'nothing can be settled');
    for (const feature of ['a', 'b', 'c'])
      await world.controller.store.incidents.stop(feature, 'burns', 'ada');
    hook.answer(503);
    await world.tick({ webhook: hook.url });
    expect(hook.keys()).toEqual(['incident:1:opened']);
    hook.answer(({ body }) => (body.feature === 'a' ? 400 : 200));
    const { delivery } = await world.tick({ webhook: hook.url });
    expect(delivery).toEqual({ delivered: 2, waiting: 1, error: 'the webhook answered 400' });
    hook.answer(200);
    await world.tick({ webhook: hook.url });
    expect(hook.keys().slice(1)).toEqual([
      'incident:1:opened',
      'incident:2:opened',
      'incident:3:opened',
      'incident:1:opened',
    ]);
  });

  it('a webhook that is down does not keep messages from being printed, however many wait', async () => {
    const hook = await webhook();
    await hook.down();
    const keys = Array.from({ length: 70 }, (_, n) => `f${String(n).padStart(2, '0')}`);
    const world = await tickWorld(Object.fromEntries(keys.map((key) => [key, { percentage: 5 }])));
    await world.commit('features: [', 'nothing can be settled');
    await world.db.pool.query(`select rollout_emergency_stop(null, 'everything burns')`);
    const result = await world.tick({ webhook: hook.url });
    expect(result.printed).toHaveLength(70);
    expect(result.delivery).toMatchObject({ delivered: 0, waiting: 70 });
    await hook.up();
    expect((await world.tick({ webhook: hook.url })).delivery).toMatchObject({ delivered: 50, waiting: 20 });
    await world.tick({ webhook: hook.url });
    expect(new Set(hook.keys()).size).toBe(70);
    expect(hook.received).toHaveLength(70);
  });
});
