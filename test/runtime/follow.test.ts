import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createRollout } from '../../src/runtime/index.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
await applyFeature(db.pool, 'search', { percentage: 100 });

/** As many as it takes to be sure that no poll helps. */
const NEVER_MS = 3_600_000;

describe('a change in the database', () => {
  it('a change reaches a listening application without a poll, and the event names the changed features', async () => {
    const rollout = await openRollout({
      connectionString: db.connectionString,
      pollMs: NEVER_MS,
      maxStaleMs: NEVER_MS,
    });
    await expect.poll(() => rollout.state()).toMatchObject({ status: 'ready', listening: true });
    const changes = told(rollout, 'change');
    await applyFeature(db.pool, 'checkout', { percentage: 0 });
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    expect(changes.flatMap(({ features }) => features)).toEqual(['checkout']);
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
    expect(rollout.isEligible('search', 'x')).toBe(true);
  });

  it('a change of history alone causes no change event', async () => {
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    const changes = told(rollout, 'change');
    const before = rollout.state().generation ?? 0;
    await db.pool.query(`select rollout_append_history('checkout', 'note', 'nothing happened')`);
    await expect.poll(() => rollout.state().generation).toBeGreaterThan(before);
    expect(changes).toEqual([]);
  });

  it('the poll finds a change where a pooler swallows LISTEN or the application does not listen', async () => {
    const proxy = await switchingProxy(db.connectionString, true);
    const deaf = await openRollout({ connectionString: proxy.connectionString, pollMs: 50 });
    const silent = await openRollout({ connectionString: db.connectionString, pollMs: 50, listen: false });
    // Its LISTEN was answered, and nothing of its own ever came back.
    for (const rollout of [deaf, silent]) expect(rollout.state().listening).toBe(false);
    await db.pool.query(
      `update rollout_configuration set emergency_stop = true where feature_name = 'checkout'`,
    );
    for (const rollout of [deaf, silent]) {
      await expect.poll(() => rollout.evaluate('checkout', 'x').reason).toBe('emergency_stop');
    }
    await db.pool.query(
      `update rollout_configuration set emergency_stop = false where feature_name = 'checkout'`,
    );
    for (const rollout of [deaf, silent])
      await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('a change made while the listening connection was lost is found when it is back', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const rollout = await openRollout({
      connectionString: proxy.connectionString,
      pollMs: NEVER_MS,
      maxStaleMs: NEVER_MS,
    });
    await proxy.cut();
    await expect.poll(() => rollout.state().listening).toBe(false);
    await applyFeature(db.pool, 'search', { percentage: 0 });
    expect(rollout.isEligible('search', 'x')).toBe(true);
    await proxy.restore();
    await expect.poll(() => rollout.isEligible('search', 'x')).toBe(false);
    await expect.poll(() => rollout.state().listening).toBe(true);
    await applyFeature(db.pool, 'search', { percentage: 100 });
    await expect.poll(() => rollout.isEligible('search', 'x')).toBe(true);
  });

  it('a change by a long transaction is seen, whatever else changed before it committed', async () => {
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    const slow = await db.client();
    await slow.query('begin');
    // A transaction number that is older than everything that follows.
    await slow.query(`select pg_current_xact_id()`);
    await applyFeature(db.pool, 'search', { percentage: 99 });
    await expect.poll(() => rollout.evaluate('search', 'x').percentage).toBe(99);
    await slow.query(`update rollout_configuration set rollout_percentage = 0 where feature_name = 'search'`);
    await slow.query('commit');
    await expect.poll(() => rollout.evaluate('search', 'x').percentage).toBe(0);
    await applyFeature(db.pool, 'search', { percentage: 100 });
  });

  it('a stop of everything also stops later features, and its event names every feature', async () => {
    const rollout = await openRollout({
      connectionString: db.connectionString,
      pollMs: NEVER_MS,
      maxStaleMs: NEVER_MS,
    });
    const changes = told(rollout, 'change');
    await db.pool.query(`update rollout_state set global_stop = true, generation = generation + 1`);
    await expect.poll(() => rollout.evaluate('search', 'x').reason).toBe('global_stop');
    expect(changes.at(-1)?.features.toSorted()).toEqual(['checkout', 'search']);
    await applyFeature(db.pool, 'later', { percentage: 100 });
    await expect.poll(() => rollout.evaluate('later', 'x').reason).toBe('global_stop');
    await db.pool.query(`update rollout_state set global_stop = false, generation = generation + 1`);
    await expect.poll(() => rollout.isEligible('later', 'x')).toBe(true);
  });
});

describe('a feature', () => {
  it('a feature is unknown before it exists and listed until it is archived', async () => {
    const rollout = await openRollout({ connectionString: db.connectionString });
    expect(rollout.evaluate('fresh', 'x')).toEqual({
      ...{ eligible: false, reason: 'unknown', bucket: null, percentage: null, revision: null, stale: false },
    });
    await applyFeature(db.pool, 'fresh', { percentage: 100 });
    await expect.poll(() => rollout.features()).toContain('fresh');
    expect(rollout.evaluate('fresh', 'x')).toMatchObject({ eligible: true, revision: 'c0ffee' });
    await db.pool.query(
      `update rollout_configuration set archived_at = now(), is_active = false where feature_name = 'fresh'`,
    );
    await expect.poll(() => rollout.features()).not.toContain('fresh');
    expect(rollout.evaluate('fresh', 'x').reason).toBe('inactive');
  });
});

describe('a pool of the host', () => {
  it('a pool of the host is used, with one listening connection, and left open', async () => {
    const rollout = await openRollout({ pool: db.pool, pollMs: NEVER_MS, maxStaleMs: NEVER_MS });
    await expect.poll(() => rollout.state().listening).toBe(true);
    await applyFeature(db.pool, 'checkout', { percentage: 0 });
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    await rollout.close();
    expect(await db.rows('select 1 as one')).toEqual([{ one: 1 }]);
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
  });

  it('a lost listening connection of the host’s pool is replaced, however often it is lost', async () => {
    const pool = new pg.Pool({ connectionString: db.connectionString, max: 2, application_name: 'host' });
    pool.on('error', () => {});
    const rollout = await openRollout({ pool, pollMs: 20 });
    for (let time = 0; time < 5; time++) {
      await expect.poll(() => rollout.state().listening).toBe(true);
      await db.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'host'`,
      );
      await expect.poll(() => rollout.state().listening).toBe(false);
    }
    await expect.poll(() => rollout.state()).toMatchObject({ listening: true, status: 'ready' });
    await rollout.close();
    await pool.end();
  });

  it('a pool with one connection is not taken for listening: the poll finds changes', async () => {
    const pool = new pg.Pool({ connectionString: db.connectionString, max: 1 });
    const rollout = await openRollout({ pool, pollMs: 20 });
    await applyFeature(db.pool, 'checkout', { percentage: 0 });
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    expect(rollout.state().listening).toBe(false);
    await rollout.close();
    await pool.end();
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
  });
});

describe('a database that does not fit', () => {
  it('a database of another environment is refused at the start', async () => {
    await db.pool.query(`update rollout_state set environment = 'production'`);
    await expect(
      openRollout({ connectionString: db.connectionString, environment: 'staging' }),
    ).rejects.toMatchObject({
      code: 'environment_mismatch',
    });
    const rollout = await openRollout({ connectionString: db.connectionString, environment: 'production' });
    expect(rollout.isEligible('search', 'x')).toBe(true);
    await db.pool.query(`update rollout_state set environment = null`);
  });

  it('a database with another bucket function is refused at the start', async () => {
    const other = await testDatabase();
    await other.pool.query(
      `create or replace function rollout_bucket(salt text, subject_id text) returns integer
       language sql immutable parallel safe as $$ select 1 $$`,
    );
    await expect(openRollout({ connectionString: other.connectionString })).rejects.toMatchObject({
      code: 'database_incompatible',
    });
  });

  it('options that cannot be meant are refused at the start', async () => {
    await expect(createRollout({ connectionString: '' })).rejects.toMatchObject({ code: 'usage' });
    await expect(createRollout({ pool: db.pool, pollMs: -1 })).rejects.toThrow(
      'pollMs of createRollout is -1',
    );
  });
});
