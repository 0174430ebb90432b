import { describe, expect, it } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { pass } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { until } from '../../helpers/database/embedded.ts';

const db = await testDatabase();
const store = createStore(db.pool);
const HOUR = 3_600;

describe('the lease of the tick', () => {
  it('one of many concurrent callers gets the tick’s lease', async () => {
    const holders = Array.from({ length: 10 }, (_, n) => `tick ${n}`);
    const taken = await Promise.all(holders.map((holder) => store.lease.take(holder, HOUR)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    await store.lease.release(holders[taken.indexOf(true)] ?? '');
  });

  it('the lease is refused to others until it is released, and its holder may take it again', async () => {
    expect(await store.lease.take('a', HOUR)).toBe(true);
    expect(await store.lease.take('b', HOUR)).toBe(false);
    expect(await store.lease.take('a', HOUR)).toBe(true);
    await store.lease.release('a');
    expect(await store.lease.take('b', HOUR)).toBe(true);
    await store.lease.release('b');
  });

  it('the lease of a dead holder expires by the database’s clock', async () => {
    await store.lease.take('dead', HOUR);
    await pass(db, 45);
    expect(await store.lease.take('next', HOUR)).toBe(false);
    await pass(db, 15);
    expect(await store.lease.take('next', HOUR)).toBe(true);
    await store.lease.release('next');
  });

  it('a slow holder does not release a lease that it has lost to another', async () => {
    await store.lease.take('slow', HOUR);
    await pass(db, 120);
    await store.lease.take('next', HOUR);
    await store.lease.release('slow');
    expect(await store.lease.take('third', HOUR)).toBe(false);
    await store.lease.release('next');
  });

  it('the lease is renewed while its holder works, so that a long tick is not taken for a dead one', async () => {
    const lease = await store.lease.hold('long', HOUR, 20);
    for (let hour = 0; hour < 3; hour++) {
      await pass(db, 45);
      await renewedTo('long');
    }
    expect(await store.lease.hold('next', HOUR)).toBeNull();
    expect(() => lease?.keep()).not.toThrow();
    await lease?.release();
    expect(await store.lease.take('next', HOUR)).toBe(true);
    await store.lease.release('next');
  });

  it('a holder whose lease was taken over finds that out and leaves it to the other', async () => {
    const lease = await store.lease.hold('slow', HOUR, 20);
    await db.rows(`update rollout_state set tick_holder = 'next'`);
    await until(() => thrownBy(() => lease?.keep()) !== null);
    expect(thrownBy(() => lease?.keep())).toMatchObject({ code: 'lease_lost' });
    await lease?.release();
    expect(await store.lease.take('third', HOUR)).toBe(false);
    await store.lease.release('next');
  });

  it('the lease survives a database that does not answer for a moment', async () => {
    const lease = await store.lease.hold('patient', HOUR, 20);
    await db.rows(`alter function rollout_take_lease(text, integer) rename to gone`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(() => lease?.keep()).not.toThrow();
    await db.rows(`alter function gone(text, integer) rename to rollout_take_lease`);
    await pass(db, 45);
    await renewedTo('patient');
    await lease?.release();
  });
});

/** Waits until the lease of this holder runs for nearly the whole hour again. */
async function renewedTo(holder: string): Promise<void> {
  await until(async () => {
    const [row] = await db.rows<{ renewed: boolean }>(
      `select tick_holder = $1 and tick_expires_at > now() + interval '59 minutes' as renewed from rollout_state`,
      [holder],
    );
    return row?.renewed === true;
  });
}

function thrownBy(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
