import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/domain/health/health.ts';
import { unjudged } from '../../../src/domain/health/health.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { pass, record } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const store = createStore(db.pool);
let made = 0;

async function feature(): Promise<string> {
  made += 1;
  await applyFeature(db.pool, `f${made}`, { percentage: 10 });
  return `f${made}`;
}

async function check(name: string, verdict: Verdict, rest: { paused?: boolean; epoch?: number } = {}) {
  const judgement = { ...unjudged('of a test'), verdict };
  await store.health.recordVerdict('ada', {
    ...{ feature: name, epoch: rest.epoch ?? 1, judgement, action: 'none', slow: false, guardrails: [] },
    paused: rest.paused ?? false,
    notifications: [],
  });
}

/** Minutes of the soak so far, and how many of them were paused. */
async function soakOf(name: string): Promise<{ soaked: number; paused: number }> {
  return store.reading(async (read) => {
    const [standing] = await read.features.standings(name);
    if (!standing) throw new Error(`there is no ${name}`);
    const { since, pausedSeconds } = await read.health.soak(name, standing.epoch, standing.step_started_at);
    const { now } = await read.state();
    return {
      soaked: Math.round((now.getTime() - since.getTime()) / 60_000),
      paused: Math.round(pausedSeconds / 60),
    };
  });
}

describe('the soak of a step', () => {
  it('a soak runs by the clock since the step began, however few ticks there were', async () => {
    const name = await feature();
    await pass(db, 120);
    expect(await soakOf(name)).toEqual({ soaked: 120, paused: 0 });
    await check(name, 'healthy');
    await pass(db, 60);
    expect(await soakOf(name)).toEqual({ soaked: 180, paused: 0 });
  });

  it.each(['warning', 'suspect', 'insufficient', 'no_data', 'error'] as const)(
    'a soak begins again with the last tick that was %s',
    async (verdict) => {
      const name = await feature();
      await pass(db, 60);
      await check(name, verdict);
      await pass(db, 30);
      await check(name, 'healthy');
      await pass(db, 15);
      expect(await soakOf(name)).toEqual({ soaked: 45, paused: 0 });
    },
  );

  it('a soak ignores ticks from before the step and of another epoch', async () => {
    const name = await feature();
    await check(name, 'warning');
    await pass(db, 60);
    await applyFeature(db.pool, name, { percentage: 25 });
    await pass(db, 30);
    await check(name, 'warning', { epoch: 7 });
    await pass(db, 30);
    expect(await soakOf(name)).toEqual({ soaked: 60, paused: 0 });
  });

  it('a soak leaves out the time from a tick that found the feature paused until the next tick', async () => {
    const name = await feature();
    await check(name, 'healthy');
    await pass(db, 60);
    await check(name, 'healthy', { paused: true });
    await pass(db, 30);
    await check(name, 'healthy', { paused: true });
    await pass(db, 15);
    await check(name, 'healthy');
    await pass(db, 60);
    expect(await soakOf(name)).toEqual({ soaked: 165, paused: 45 });
  });

  it('a soak stays paused until a tick finds otherwise', async () => {
    const name = await feature();
    await check(name, 'healthy', { paused: true });
    await pass(db, 90);
    expect(await soakOf(name)).toEqual({ soaked: 90, paused: 90 });
  });
});

describe('the jobs of a step', () => {
  it('the jobs of a step are those that finished since it began, in its epoch and arm', async () => {
    const name = await feature();
    await record(db, name, { jobs: 70, errors: 7 });
    await pass(db, 60);
    await applyFeature(db.pool, name, { percentage: 25 });
    await pass(db, 15);
    await record(
      db,
      name,
      { jobs: 30, errors: 3 },
      { jobs: 5, errors: 1, processor: 'github_actions' },
      { jobs: 900, errors: 90, arm: 'control' },
      { jobs: 800, errors: 80, epoch: 9 },
    );
    const jobs = await store.reading(async (read) => {
      const [standing] = await read.features.standings(name);
      return read.health.stepJobs(name, 1, standing?.step_started_at ?? new Date(0));
    });
    expect(jobs).toEqual({ jobs: 35, errors: 4 });
  });
});
