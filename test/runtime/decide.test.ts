import { expect, test } from 'vitest';
import { createRollout } from '../../src/runtime/index.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';

const db = await testDatabase();

test('a feature is on for the subjects in its percentage or whitelist, with the reason', async () => {
  await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['out'] });
  await applyFeature(db.pool, 'search', { percentage: 0, whitelist: ['in'] });
  const rollout = await createRollout({ connectionString: db.connectionString });
  expect(rollout.features()).toEqual(['checkout', 'search']);
  expect(rollout.isEligible('checkout', 'anybody')).toBe(true);
  expect(rollout.isEligible('checkout', 'out')).toBe(false);
  expect(rollout.evaluate('search', 'in')).toMatchObject({
    eligible: true,
    reason: 'whitelist',
    percentage: 0,
  });
  await db.rows(`select rollout_emergency_stop('checkout', 'broken')`);
  await expect.poll(() => rollout.evaluate('checkout', 'anybody').reason).toBe('emergency_stop');
  await rollout.close();
  expect(rollout.isEligible('search', 'in')).toBe(false);
});
