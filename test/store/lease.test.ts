import { describe, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { testDatabase } from '../helpers/database.ts';
import { pass } from '../helpers/traffic.ts';

const db = await testDatabase();
const store = createStore(db.pool);
const HOUR = 3_600;

describe('the lease of the tick', () => {
  it('is taken by one of many who ask at once', async () => {
    const holders = Array.from({ length: 10 }, (_, n) => `tick ${n}`);
    const taken = await Promise.all(holders.map((holder) => store.takeLease(holder, HOUR)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    await store.releaseLease(holders[taken.indexOf(true)] ?? '');
  });

  it('is refused to others until it is given back, and can be taken again by its holder', async () => {
    expect(await store.takeLease('a', HOUR)).toBe(true);
    expect(await store.takeLease('b', HOUR)).toBe(false);
    expect(await store.takeLease('a', HOUR)).toBe(true);
    await store.releaseLease('a');
    expect(await store.takeLease('b', HOUR)).toBe(true);
    await store.releaseLease('b');
  });

  it('of a holder that died expires by the clock of the database', async () => {
    await store.takeLease('dead', HOUR);
    await pass(db, 45);
    expect(await store.takeLease('next', HOUR)).toBe(false);
    await pass(db, 15);
    expect(await store.takeLease('next', HOUR)).toBe(true);
    await store.releaseLease('next');
  });

  it('that was lost to another is not given back by the one that was slow', async () => {
    await store.takeLease('slow', HOUR);
    await pass(db, 120);
    await store.takeLease('next', HOUR);
    await store.releaseLease('slow');
    expect(await store.takeLease('third', HOUR)).toBe(false);
    await store.releaseLease('next');
  });
});
