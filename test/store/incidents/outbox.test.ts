import { describe, expect, it } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { pass } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const store = createStore(db.pool);

const message = (key: string) => ({
  ...{ key, feature: null, kind: 'warning', message: key },
  severity: 'warning' as const,
});

async function told(): Promise<string[]> {
  await store.incidents.announce();
  const pending = await store.outbox.pending(100);
  for (const { id } of pending) await store.outbox.markDelivery(id, null);
  return pending.map(({ key, severity }) => `${severity} ${key}`);
}

const turn = (feature: string, state: string) =>
  db.pool.query(
    `update rollout_incidents set state = $2, settled_at = case $2 when 'settled' then clock_timestamp() end
     where feature_name = $1`,
    [feature, state],
  );

describe('the outbox', () => {
  it('the outbox accepts a message once per key and keeps it until it is delivered', async () => {
    expect(await store.outbox.enqueue(message('a'))).toBe(true);
    expect(await store.outbox.enqueue(message('a'))).toBe(false);
    expect(await store.outbox.enqueue(message('b'))).toBe(true);
    const [first, second] = await store.outbox.pending(10);
    expect([first?.key, second?.key]).toEqual(['a', 'b']);
    await store.outbox.markDelivery(first?.id ?? '', 'no answer');
    await store.outbox.markTold(first?.id ?? '');
    expect(await store.outbox.pending(1)).toMatchObject([{ key: 'a', attempts: 1, told: true }]);
    await store.outbox.markDelivery(first?.id ?? '', null);
    expect(await store.outbox.pending(10)).toMatchObject([{ key: 'b', attempts: 0, told: false }]);
    await store.outbox.markDelivery(second?.id ?? '', null);
    expect(await store.outbox.enqueue(message('a'))).toBe(false);
  });

  it('the outbox returns messages in the order in which they came, even the tenth after the ninth', async () => {
    const keys = Array.from({ length: 120 }, (_, n) => `m${n}`);
    for (const key of keys) await store.outbox.enqueue(message(key));
    const pending = await store.outbox.pending(1_000);
    expect(pending.map(({ key }) => key)).toEqual(keys);
    for (const { id } of pending) await store.outbox.markDelivery(id, null);
  });

  it('the outbox gets every state change of an incident once, even when it goes back and forth', async () => {
    await applyFeature(db.pool, 'one', { percentage: 20 });
    await store.incidents.stop('one', 'burns', 'ada');
    expect(await told()).toEqual(['critical incident:1:opened']);
    expect(await told()).toEqual([]);
    await turn('one', 'settled');
    expect(await told()).toEqual(['info incident:1:settled']);
    await turn('one', 'open');
    expect(await told()).toEqual(['critical incident:1:opened:2']);
    await turn('one', 'settled');
    expect(await told()).toEqual(['info incident:1:settled:2']);
    await turn('one', 'resumed');
    expect(await told()).toEqual(['info incident:1:resumed']);
    expect(await told()).toEqual([]);
  });

  it('the outbox gets the settlement of an incident that was opened long ago', async () => {
    await applyFeature(db.pool, 'two', { percentage: 20 });
    await store.incidents.stop('two', 'burns', 'ada');
    expect(await told()).toEqual(['critical incident:2:opened']);
    await pass(db, 60 * 24 * 60);
    expect(await told()).toEqual([]);
    await turn('two', 'settled');
    expect(await told()).toEqual(['info incident:2:settled']);
  });
});
