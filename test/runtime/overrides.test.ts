import { expect, it } from 'vitest';
import { applyFeature, historyOf, memberOf } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 50 });
await applyFeature(db.pool, 'checkout', { percentage: 50 });

const kept = async () =>
  (await historyOf(db.pool)).flatMap(({ action, feature, metadata }) =>
    action === 'env_override' ? [{ feature, ...metadata }] : [],
  );

it('an override acts, is logged once, and is in history once per host group and day', async () => {
  const lines: string[] = [];
  const options = {
    connectionString: db.connectionString,
    env: { HYBRID_ROLLOUT_PERCENTAGE: '100', ROLLOUT_MAX_ERROR_RATE: '3' },
    hostGroup: 'web',
    log: (line: string) => lines.push(line),
  };
  const [one] = await Promise.all([openRollout(options), openRollout(options)]);
  expect(one.evaluate('hybrid_progressive_capture', 'x')).toMatchObject({ eligible: true, percentage: 100 });
  expect(one.evaluate('checkout', 'x').percentage).toBe(50);
  await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 60 });
  await expect.poll(kept).toEqual([
    {
      ...{ feature: 'hybrid_progressive_capture', variable: 'HYBRID_ROLLOUT_PERCENTAGE', value: '100' },
      ...{ applied: true, host_group: 'web' },
    },
  ]);
  const line =
    'rollout: HYBRID_ROLLOUT_PERCENTAGE=100 is in force for hybrid_progressive_capture: the spec says 50%';
  expect(lines).toEqual([line, line]);
});

it('in production a refused override is logged and ignored, and never prevents a start', async () => {
  const lines: string[] = [];
  const env = { NODE_ENV: 'production', ROLLOUT_PERCENTAGE: '90', ROLLOUT_STRATEGY: 'nonsense' };
  const rollout = await openRollout({
    connectionString: db.connectionString,
    env,
    log: (line) => lines.push(line),
  });
  expect(rollout.evaluate('checkout', 'x').percentage).toBe(50);
  expect(lines.join('\n')).toContain('ROLLOUT_PERCENTAGE=90 is ignored for 2 features');
  expect(lines).toHaveLength(2);
});

it('a stop of the environment comes before everything, even for unknown features', async () => {
  const rollout = await openRollout({
    connectionString: db.connectionString,
    env: { HYBRID_EMERGENCY_STOP: 'flase' },
  });
  expect(rollout.evaluate('hybrid_progressive_capture', 'x')).toMatchObject({
    eligible: false,
    reason: 'env_stop',
  });
  expect(rollout.evaluate('checkout', 'x').reason).toBe('percentage');
  const all = await openRollout({
    connectionString: db.connectionString,
    env: { ROLLOUT_EMERGENCY_STOP: '1' },
  });
  expect([all.evaluate('checkout', 'x').reason, all.evaluate('nobody', 'x').reason]).toEqual([
    'env_stop',
    'env_stop',
  ]);
});

it('an override that may not be written to history acts all the same', async () => {
  const reader = await memberOf(db, 'rollout_reader');
  const lines: string[] = [];
  const env = { ROLLOUT_PERCENTAGE: '1' };
  const rollout = await openRollout({ pool: reader, env, log: (line) => lines.push(line), listen: false });
  expect(rollout.evaluate('checkout', 'x').percentage).toBe(1);
  await expect.poll(() => lines.join('\n')).toContain('ROLLOUT_PERCENTAGE could not be kept in history');
  await rollout.close();
});
