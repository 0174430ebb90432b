import { beforeEach, describe, expect, it } from 'vitest';
import type { Rollout } from '../../src/runtime/index.ts';
import { backdate } from '../helpers/data/backdated.ts';
import { applyFeature, memberOf } from '../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await applyFeature(db.pool, 'checkout', { percentage: 100 });
  await backdate(db, `epoch_started_at = now() - interval '1 hour'`);
});

/** An application with the rights of a recorder, whose flushes by the clock never come. */
async function application(): Promise<Rollout> {
  return openRollout({
    pool: await memberOf(db, 'rollout_recorder'),
    flushMs: 3_600_000,
    listen: false,
    pollMs: 50,
  });
}

function breakDown(rollout: Rollout, jobs = 60): void {
  for (let place = 0; place < jobs; place++) {
    const { stamp } = rollout.route('checkout', { subject: `r${place}` });
    rollout.record({ stamp, ok: false, error: 'boom' });
  }
}

const incidents = () => db.rows('select opened_by, state from rollout_incidents');
const ROLLED_BACK = [{ opened_by: 'fuse', state: 'open' }];

describe('an application whose jobs fail', () => {
  it('an application whose jobs fail switches the feature off by an early flush and follows that itself', async () => {
    const rollout = await application();
    expect(rollout.isEligible('checkout', 'r1')).toBe(true);
    breakDown(rollout);
    await expect.poll(() => rollout.isEligible('checkout', 'r1'), { timeout: patience(45_000) }).toBe(false);
    expect(await incidents()).toEqual(ROLLED_BACK);
  });

  it.each([
    ['held the history lock', 'select from rollout_state for update'],
    ['was folding', `select pg_advisory_xact_lock(hashtextextended('rollout fold checkout', 0))`],
  ])('the rollback by the fuse is made up for after another session %s', async (_, lock) => {
    const other = await db.client();
    await other.query(`begin; ${lock}`);
    breakDown(await application());
    await expect
      .poll(() => db.rows('select from rollout_metrics'), { timeout: patience(45_000) })
      .not.toEqual([]);
    expect(await incidents()).toEqual([]);
    await other.query('rollback');
    await expect.poll(incidents, { timeout: patience(45_000) }).toEqual(ROLLED_BACK);
  });
});
