import { beforeEach, describe, expect, it } from 'vitest';
import { DatabaseClock } from '../../src/runtime/follow/database-clock.ts';
import { Follower } from '../../src/runtime/follow/follower.ts';
import type { Rollout, RolloutSettings } from '../../src/runtime/index.ts';
import { applyFeature, importRows, repository } from '../helpers/data/features.ts';
import { type Night, nightOf } from '../helpers/data/night.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

const NEVER_MS = 3_600_000;

let db: TestDatabase;
let night: Night;

/** At night checkout is at 10%; in the morning it is raised to 60%, and a feature is added. */
beforeEach(async () => {
  db = await testDatabase();
  await importRows(db.pool, [repository('r1', { name: 'acme/one' }), repository('r2', { name: 'acme/two' })]);
  await applyFeature(db.pool, 'checkout', { percentage: 10, blacklist: ['acme/one'] });
  night = await nightOf(db);
  for (const percentage of [20, 60]) await applyFeature(db.pool, 'checkout', { percentage });
  await applyFeature(db.pool, 'search', { percentage: 100 });
});

const stop = () => db.pool.query(`select rollout_emergency_stop('checkout', 'it fails')`);
const percentageOf = (rollout: Rollout) => rollout.evaluate('checkout', 'x').percentage;

async function opened(settings: RolloutSettings, connectionString = db.connectionString) {
  const lines: string[] = [];
  const rollout = await openRollout({ connectionString, log: (line) => lines.push(line), ...settings });
  return { rollout, lines };
}

describe('a database that was restored under open connections', () => {
  it('the poll follows a restored database at once and reports the other history, and a stop is obeyed', async () => {
    const { rollout, lines } = await opened({ listen: false, pollMs: 50 });
    const [others, changes] = [told(rollout, 'other_history'), told(rollout, 'change')];
    const before = rollout.state().generation ?? 0;
    await night.putBack();
    await expect.poll(() => percentageOf(rollout)).toBe(10);
    const { generation, status } = rollout.state();
    expect(status).toBe('ready');
    expect(generation).toBeLessThan(before);
    expect(others).toEqual([{ before, generation }]);
    expect(new Set(changes.flatMap(({ features }) => features))).toEqual(new Set(['checkout', 'search']));
    expect(lines.filter((line) => line.includes('another history'))).toHaveLength(1);
    expect(rollout.features()).toEqual(['checkout']);
    await stop();
    await expect.poll(() => rollout.evaluate('checkout', 'x').reason).toBe('emergency_stop');
    expect(others).toHaveLength(1);
  });

  it('the notification of a stop makes an application follow a restored database without a poll', async () => {
    const { rollout } = await opened({ pollMs: NEVER_MS, maxStaleMs: NEVER_MS });
    await expect.poll(() => rollout.state().listening).toBe(true);
    await night.putBack();
    await stop();
    await expect.poll(() => rollout.evaluate('checkout', 'x').reason).toBe('emergency_stop');
    expect(percentageOf(rollout)).toBe(10);
    expect(rollout.features()).toEqual(['checkout']);
  });

  it.each([
    ['as far as', 0],
    ['further than', 5],
  ])('a restored database is recognised even when its generation came %s the known one', async (_, more) => {
    const { follower, seen, others } = following();
    await follower.poll();
    const known = follower.generation ?? 0;
    await night.putBack();
    await stop();
    await db.pool.query('update rollout_state set generation = $1', [known + more]);
    await follower.poll();
    expect(others).toEqual([known]);
    expect(seen.at(-1)).toEqual({ whole: true, features: ['checkout stopped'] });
    await follower.poll();
    expect(others).toHaveLength(1);
    expect(seen.at(-1)).toEqual({ whole: false, features: [] });
  });

  it('a restored database gives names in blacklists back to the repositories that had them', async () => {
    const { rollout } = await opened({ listen: false, pollMs: 50 });
    await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['acme/one'] });
    const later = await nightOf(db);
    await importRows(db.pool, [
      repository('r1', { name: 'acme/two' }),
      repository('r2', { name: 'acme/one' }),
    ]);
    // The blacklist keeps whoever had the name when it was applied, and whoever has it now.
    await expect.poll(() => rollout.evaluate('checkout', 'r2').reason).toBe('blacklist');
    await later.putBack();
    await expect.poll(() => rollout.evaluate('checkout', 'r2').reason).toBe('percentage');
    expect(rollout.evaluate('checkout', 'r1').reason).toBe('blacklist');
  });
});

describe('a database that goes on', () => {
  it('changes, a lost connection and a note are not taken for another history, and nothing is read again', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const { rollout } = await opened({ pollMs: 50 }, proxy.connectionString);
    const others = told(rollout, 'other_history');
    const checkedAgain = proxy.silence('select rollout_bucket');
    await proxy.cut();
    await applyFeature(db.pool, 'checkout', { percentage: 70 });
    await db.pool.query(`select rollout_append_history(null, 'note', 'of no feature')`);
    await proxy.restore();
    await expect.poll(() => percentageOf(rollout), { timeout: patience(20_000) }).toBe(70);
    await db.pool.query('update rollout_state set generation = generation + 1, global_stop = true');
    await expect
      .poll(() => rollout.evaluate('search', 'x').reason, { timeout: patience(20_000) })
      .toBe('global_stop');
    expect(others).toEqual([]);
    // The database's fitness is checked with each reading of everything.
    expect(checkedAgain()).toBe(false);
  });

  it('after a restart the database is read again only if it was written to, and keeps its history', async () => {
    let restarts = 0;
    const { follower, seen, others } = following((text) =>
      text.replace('pg_postmaster_start_time()', `pg_postmaster_start_time() + interval '${restarts} s'`),
    );
    await follower.poll();
    restarts = 1;
    await follower.poll();
    expect(seen).toHaveLength(2);
    expect(seen.at(-1)).toEqual({ whole: false, features: [] });
    restarts = 2;
    await applyFeature(db.pool, 'checkout', { percentage: 70 });
    await follower.poll();
    expect(others).toEqual([]);
    expect(seen.at(-1)).toEqual({ whole: true, features: ['checkout 70', 'search 100'] });
  });
});

describe('a standby that is behind', () => {
  it('a standby that is behind is believed only when it stays behind, so that nothing seen is lost', async () => {
    let moved = 0;
    const { follower, seen, others } = following(
      (text) => text.replaceAll('pg_is_in_recovery()', 'true'),
      () => moved,
    );
    await follower.poll();
    const known = follower.generation ?? 0;
    await night.putBack();
    await follower.poll();
    expect([follower.generation, others, seen.length]).toEqual([known, [], 1]);
    moved = 4_000;
    await follower.poll();
    expect(others).toEqual([known]);
    expect(seen.at(-1)).toEqual({ whole: true, features: ['checkout 10'] });
  });
});

/** A follower whose questions are changed on their way, with what it took over. */
function following(changed = (text: string) => text, now = () => performance.now()) {
  const others: number[] = [];
  const seen: { whole: boolean; features: string[] }[] = [];
  const query = async ({ text, ...rest }: { text: string; values: unknown[] }) =>
    db.pool.query({ ...rest, text: changed(text) });
  const pool = { query } as unknown as TestDatabase['pool'];
  const follower = new Follower({
    ...{ pool, environment: null, now, lagMs: 3_000, clock: new DatabaseClock(now) },
    onReading: async ({ features }, whole) => {
      const words = features.map(
        ({ feature, emergency_stop, percentage }) => `${feature} ${emergency_stop ? 'stopped' : percentage}`,
      );
      seen.push({ whole, features: words.toSorted() });
    },
    onOtherHistory: (before) => others.push(before),
    onFailure: (error) => {
      throw error;
    },
  });
  return { follower, seen, others };
}
