import { describe, expect, it } from 'vitest';
import { applyFeature, importRows, repository } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { WAYS } from '../helpers/http/relays.ts';
import { told } from '../helpers/http/rollouts.ts';

const NEVER_MS = 3_600_000;

/** A clock that the test moves. */
function clock() {
  let moved = 0;
  return {
    now: () => performance.now() + moved,
    move: (milliseconds: number) => {
      moved += milliseconds;
    },
  };
}

describe.each(WAYS)('the library %s', async (_, reach) => {
  const db = await testDatabase();
  await importRows(db.pool, [repository('r1', { star_count: 0 }), repository('fork', { name: 'acme/fork' })]);
  await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['acme/fork'] });
  await applyFeature(db.pool, 'search', { percentage: 100 });
  const { address, openAt } = await reach(db.connectionString);

  it('the library receives a change without polling, and the event names the changed features', async () => {
    const rollout = await openAt(address, { pollMs: NEVER_MS, maxStaleMs: NEVER_MS });
    await expect.poll(() => rollout.state()).toMatchObject({ status: 'ready', listening: true });
    const changes = told(rollout, 'change');
    await applyFeature(db.pool, 'search', { percentage: 0 });
    await expect.poll(() => rollout.isEligible('search', 'x')).toBe(false);
    expect(changes.flatMap(({ features }) => features)).toEqual(['search']);
    await applyFeature(db.pool, 'search', { percentage: 100 });
    await expect.poll(() => rollout.isEligible('search', 'x')).toBe(true);
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('the library obeys a stop of everything and its end', async () => {
    const rollout = await openAt(address);
    for (const stop of [true, false]) {
      await db.pool.query('update rollout_state set global_stop = $1, generation = generation + 1', [stop]);
      await db.pool.query(`notify rollout_changed`);
      await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(!stop);
    }
  });

  it('the library excludes a repository by a name in a blacklist, even one that took the name later', async () => {
    const rollout = await openAt(address);
    expect(rollout.evaluate('checkout', 'fork').reason).toBe('blacklist');
    await importRows(db.pool, [repository('taker', { name: 'acme/fork' })]);
    await expect.poll(() => rollout.evaluate('checkout', 'taker').reason).toBe('blacklist');
  });

  it('the library decides from its snapshot while nobody answers, until maxStaleMs, and recovers', async () => {
    const proxy = await switchingProxy(address);
    const { now, move } = clock();
    const rollout = await openAt(proxy.connectionString, { pollMs: 500, maxStaleMs: NEVER_MS, now });
    const [stale, ready] = [told(rollout, 'stale'), told(rollout, 'ready')];
    await proxy.cut();
    move(60_000);
    await expect.poll(() => rollout.state().status).toBe('stale');
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: true, stale: true });
    move(NEVER_MS);
    await expect.poll(() => rollout.state().status).toBe('expired');
    expect(rollout.isEligible('checkout', 'x')).toBe(false);
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ reason: 'stale', percentage: 100 });
    expect(stale.map(({ expired }) => expired)).toEqual([false, true]);
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
    expect([rollout.state().status, ready.length]).toEqual(['ready', 1]);
  });

  it('the library starts while nobody answers, admits nobody until then, and keeps what was recorded', async () => {
    const proxy = await switchingProxy(address);
    await proxy.cut();
    const rollout = await openAt(proxy.connectionString, { startMs: 50, pollMs: 50, flushMs: NEVER_MS });
    expect(rollout.state()).toMatchObject({ status: 'starting', generation: null });
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: false, reason: 'not_ready' });
    rollout.record({ feature: 'checkout', subject: 'r1', processor: 'early', ok: true });
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
    expect(await rollout.flush()).toBe(true);
    expect(await jobsOf('early')).toEqual([{ jobs: 1, errors: 0 }]);
  });

  it('the library counts each outcome once despite lost answers, and keeps at most maxPending', async () => {
    const proxy = await switchingProxy(address);
    const settings = {
      flushMs: NEVER_MS,
      maxPending: 10,
      closeMs: 200,
      pollMs: NEVER_MS,
      maxStaleMs: NEVER_MS,
    };
    const rollout = await openAt(proxy.connectionString, settings);
    await proxy.cut();
    for (let place = 0; place < 30; place++) {
      rollout.record({
        feature: 'checkout',
        subject: `many-${place}`,
        processor: 'away',
        ok: place % 2 === 0,
      });
      if (place === 4) expect(await rollout.flush()).toBe(false);
    }
    expect(rollout.state()).toMatchObject({ pending: 10, dropped: 20 });
    await proxy.restore();
    await expect.poll(() => rollout.flush()).toBe(true);
    expect(await jobsOf('away')).toEqual([{ jobs: 10, errors: 5 }]);
  });

  it('a stamp that ended twice counts once, wherever it ended', async () => {
    const [one, other] = [await openAt(address), await openAt(address)];
    const { stamp } = one.route('checkout', { subject: 'r1' });
    one.record({ stamp, ok: false, error: 'the card was declined' });
    await one.flush();
    other.record({ stamp: JSON.parse(JSON.stringify(stamp)), ok: true });
    await other.flush();
    expect(await jobsOf(stamp?.processor ?? '')).toEqual([{ jobs: 1, errors: 1 }]);
  });

  it('the library refuses the database of another environment', async () => {
    await db.pool.query(`update rollout_state set environment = 'production', generation = generation + 1`);
    await db.pool.query(`notify rollout_changed`);
    const openIn = (environment: string) =>
      openAt(address, { environment }).then(
        () => 'opened',
        (error) => error.code,
      );
    await expect.poll(() => openIn('staging')).toBe('environment_mismatch');
    expect(await openIn('production')).toBe('opened');
  });

  it('the library answers anything without throwing, even after it was closed', async () => {
    const rollout = await openAt(address);
    const ask = () => {
      for (const id of [null, undefined, 7, {}, '', 'x'.repeat(5_000), '\ud800'] as unknown as string[]) {
        expect(rollout.isEligible('checkout', id)).toBe(false);
        expect(rollout.isEligible(id, 'x')).toBe(false);
        rollout.record(id as never);
        rollout.route(id, id as never);
      }
    };
    ask();
    await rollout.close();
    ask();
    expect(rollout.state()).toMatchObject({ status: 'closed' });
    expect(rollout.isEligible('checkout', 'r1')).toBe(false);
    expect(await rollout.flush()).toBe(true);
  });

  function jobsOf(processor: string) {
    return db.rows(
      `select sum(total_jobs)::int as jobs, sum(error_count)::int as errors from rollout_metrics where processor_type = $1`,
      [processor],
    );
  }
});
