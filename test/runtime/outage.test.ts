import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['acme/fork'] });

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

describe('while the database is away', () => {
  it('decisions go on from the snapshot while the database is away, end after maxStaleMs, and come back', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const { now, move } = clock();
    const rollout = await openRollout({
      connectionString: proxy.connectionString,
      // Three missed are stale: on a busy machine a poll takes a while.
      pollMs: 500,
      maxStaleMs: 3_600_000,
      now,
    });
    const [stale, ready, errors] = [told(rollout, 'stale'), told(rollout, 'ready'), told(rollout, 'error')];
    await proxy.cut();
    await expect.poll(() => rollout.state().status).toBe('stale');
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({
      eligible: true,
      reason: 'percentage',
      stale: true,
    });
    move(3_000_000);
    await expect.poll(() => errors.length).toBeGreaterThan(2);
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    move(600_000);
    await expect.poll(() => rollout.state().status).toBe('expired');
    expect(rollout.isEligible('checkout', 'x')).toBe(false);
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({
      eligible: false,
      reason: 'stale',
      percentage: 100,
    });
    expect(stale.map(({ expired }) => expired)).toEqual([false, true]);
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
    expect(rollout.state().status).toBe('ready');
    expect(ready).toHaveLength(1);
  });

  it('an application starts without the database, logs that, and admits nobody until the database answers', async () => {
    const proxy = await switchingProxy(db.connectionString);
    await proxy.cut();
    const said: string[] = [];
    const rollout = await openRollout({
      ...{ connectionString: proxy.connectionString, pollMs: 20, startMs: 100 },
      log: (line) => said.push(line),
    });
    expect(rollout.state()).toMatchObject({ status: 'starting', generation: null, ageMs: null });
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: false, reason: 'not_ready' });
    expect(said.join('\n')).toContain('nobody is eligible until it answers');
    expect(said.join('\n')).toContain('the database cannot be reached');
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('an open connection to a silent database does not keep the snapshot fresh', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const { now, move } = clock();
    const rollout = await openRollout({
      connectionString: proxy.connectionString,
      pollMs: 20,
      maxStaleMs: 60_000,
      now,
    });
    proxy.freeze();
    move(61_000);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    proxy.thaw();
    await proxy.cut();
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('a loop that never yields stops deciding by an old snapshot too', async () => {
    const { now, move } = clock();
    const settings = { pollMs: 50, maxStaleMs: 60_000, now };
    const rollout = await openRollout({ connectionString: db.connectionString, ...settings });
    move(61_000);
    let yes = 0;
    for (let decision = 0; decision < 20_000; decision++) if (rollout.isEligible('checkout', 'x')) yes += 1;
    expect(yes).toBeLessThan(5_000);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });
});

describe('a connection that falls silent', () => {
  it.concurrent.for([
    ['is told to listen', 'listen rollout_changed', 'first'],
    ['is asked what changed', 'age(c.xmin)', 'second'],
  ] as const)(
    'a silent connection is given up when it %s, and the next one receives changes',
    async ([, text, feature], { expect }) => {
      await applyFeature(db.pool, feature, { percentage: 100 });
      const proxy = await switchingProxy(db.connectionString);
      const never = 3_600_000;
      const settings = { pollMs: never, maxStaleMs: never };
      const rollout = await openRollout({ connectionString: proxy.connectionString, ...settings });
      const errors = told(rollout, 'error');
      await proxy.cut();
      // Only the connection that listens reads after this.
      await expect.poll(() => errors.length).toBeGreaterThan(0);
      const fellSilent = proxy.silence(text);
      await proxy.restore();
      await expect.poll(fellSilent).toBe(true);
      await applyFeature(db.pool, feature, { percentage: 0 });
      await expect.poll(() => rollout.isEligible(feature, 'x')).toBe(false);
      await expect.poll(() => rollout.state().listening).toBe(true);
    },
  );

  it.concurrent.for([
    ['the database fits', 'select rollout_bucket'],
    ['who has a name', 'lower(full_name'],
  ] as const)(
    'a connection that falls silent over a question (%s) leaves the next poll to another one of the pool',
    async ([, text], { expect }) => {
      const proxy = await switchingProxy(db.connectionString);
      const fellSilent = proxy.silence(text);
      const pool = new pg.Pool({ connectionString: proxy.connectionString });
      pool.on('error', () => {});
      const rollout = await openRollout({ pool, listen: false, pollMs: 20, startMs: 100 });
      await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
      expect(fellSilent()).toBe(true);
      await rollout.close();
      await pool.end();
    },
  );
});

describe('the scheduled controller', () => {
  it('three intervals without a tick are reported once', async () => {
    await db.pool.query(`update rollout_state set heartbeat_at = now() - interval '10 minutes'`);
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    const missed = told(rollout, 'controller_stale');
    expect(rollout.state().controllerStale).toBe(false);
    await db.pool.query(`update rollout_state set heartbeat_at = now() - interval '46 minutes'`);
    await expect.poll(() => rollout.state().controllerStale).toBe(true);
    await db.pool.query(`update rollout_state set heartbeat_at = now()`);
    await expect.poll(() => rollout.state().controllerStale).toBe(false);
    expect(missed).toEqual([{ heartbeatAt: expect.any(Date) }]);
  });
});
