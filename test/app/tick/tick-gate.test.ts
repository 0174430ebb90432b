import { describe, expect, it } from 'vitest';
import { ramp, tickFile, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

describe('the soak of a live feature', () => {
  it('a soak begins again after an unhealthy tick, and stands still while the feature is paused', async () => {
    const world = await tickWorld({ one: ramp(10), paused: ramp(10, { paused: true }) });
    const left = async (feature: string) => {
      const { results } = await world.tick();
      const hours = (results.find((one) => one.feature === feature)?.advance.soakLeft ?? 0) / 3_600;
      return Math.round(hours * 10) / 10;
    };
    for (const feature of ['one', 'paused']) await world.record(feature, { jobs: 200, errors: 1 });
    await world.tick();
    await world.pass(12 * 60);
    expect(await left('one')).toBe(12);
    await world.record('one', { jobs: 2_000, errors: 100 });
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('warning');
    await world.record('one', { jobs: 20_000 });
    await world.pass(6 * 60);
    expect(await left('one')).toBe(18);
    expect(await left('paused')).toBe(24);
    await world.commit(tickFile({ one: ramp(10), paused: ramp(10) }), 'go on');
    expect(verdictOf(await world.tick(), 'paused')[0]).toBe('healthy');
    await world.pass(6 * 60);
    expect(await left('one')).toBe(12);
    expect(await left('paused')).toBe(18);
    await world.pass(18 * 60);
    for (const feature of ['one', 'paused']) await world.record(feature, { jobs: 10 });
    const result = await world.tick();
    expect(result.advanced.map(({ feature, action }) => `${feature} ${action}`)).toEqual([
      'one advanced',
      'paused advanced',
    ]);
  });
});

describe('a processor that is slower than it was', () => {
  it('a slower processor is a warning from the second tick in a row, stops the ramp and never rolls back', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.pass(60);
    await world.record(
      'one',
      { jobs: 100, ms: 400 },
      { jobs: 100, ms: 200, arm: 'control' },
      // Another processor and another class are other worlds: they say nothing.
      { jobs: 100, ms: 90_000, processor: 'github_actions' },
      { jobs: 100, ms: 50_000, job_class: 'bulk', arm: 'control' },
    );
    await world.pass(60);
    const first = await world.tick();
    expect(verdictOf(first, 'one').slice(0, 2)).toEqual(['healthy', 'healthy']);
    const second = await world.tick();
    expect(verdictOf(second, 'one')).toEqual(['warning', 'slower', 'all', 'none']);
    expect(second.printed).toEqual(['warning warning one']);
    expect((await world.tick()).printed).toEqual([]);
    expect(await world.incidents()).toEqual([]);
    await world.record('one', { jobs: 2_000, ms: 210 });
    expect((await world.tick()).printed).toEqual(['info recovered one']);
  });

  it("a processor's speed is compared with the step before when there is no control", async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.record('one', { jobs: 100, ms: 100 });
    await world.pass(60);
    await world.commit(tickFile({ one: ramp(25) }));
    await world.reconcile();
    await world.record('one', { jobs: 100, ms: 160 });
    await world.tick();
    const result = await world.tick();
    expect(verdictOf(result, 'one')[1]).toBe('slower');
    expect(result.results[0]?.judgement.reason).toContain('1.6 times as long as before this step (100 ms)');
  });
});

describe('an override of the environment', () => {
  it('an environment override switches rollback off in development, but not in production', async () => {
    const features = { one: { percentage: 10 }, two: { percentage: 10 } };
    const world = await tickWorld(features);
    await world.record('one', { jobs: 20, errors: 15 });
    const development = { ROLLOUT_AUTO_ROLLBACK: 'false' };
    expect(verdictOf(await world.tick({ environment: development }), 'one')[3]).toBe('would_roll_back');
    const production = { ...development, NODE_ENV: 'production' };
    const refused = await world.tick({ environment: production });
    expect(verdictOf(refused, 'one')[3]).toBe('rolled_back');
    expect(refused.results[0]?.overrides).toEqual([
      'ROLLOUT_AUTO_ROLLBACK=false is refused: in production it may only be switched on',
    ]);
  });

  it('an environment override is noted in history once a day, whether in force or refused', async () => {
    const world = await tickWorld({ one: { percentage: 10 } });
    const environment = {
      NODE_ENV: 'production',
      ROLLOUT_MAX_ERROR_RATE: '50',
      ROLLOUT_AUTO_ROLLBACK: 'true',
      ROLLOUT_PERCENTAGE: '1',
    };
    for (let n = 0; n < 3; n++) await world.tick({ environment });
    const kept = (await world.history('one')).filter(({ action }) => action === 'env_override');
    expect(kept.map(({ reason, triggered_by }) => `${triggered_by}: ${reason}`)).toEqual([
      'ticker: ROLLOUT_AUTO_ROLLBACK=true is in force',
      'ticker: ROLLOUT_MAX_ERROR_RATE=50 is refused',
    ]);
    expect(await world.verify()).toMatchObject({ valid: true });
  });

  it('an environment override lowers the limit in production too, even below the warning rate', async () => {
    const world = await tickWorld({ one: { percentage: 10 } });
    await world.record('one', { jobs: 2_000, errors: 50 });
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('healthy');
    const environment = { NODE_ENV: 'production', ROLLOUT_MAX_ERROR_RATE: '1' };
    expect(verdictOf(await world.tick({ environment }), 'one')[3]).toBe('rolled_back');
  });
});
