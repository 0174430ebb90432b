import { describe, expect, it } from 'vitest';
import { planFile } from '../../../src/app/reconcile/plan.ts';
import { outlooks } from '../../../src/app/views/change-preview.ts';
import { addRepositories, checksum } from '../../helpers/projects/project.ts';
import { tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

const STEPS = [
  { percentage: 10, soak: '24h' },
  { percentage: 50, soak: '48h' },
  { percentage: 100, soak: '24h' },
];

async function look(features: Record<string, object>, proposed: Record<string, object>) {
  const world = await tickWorld(features);
  await addRepositories(world.db, 20);
  await world.reconcile();
  return {
    world,
    of: async () => {
      const text = { path: 'rollout.yaml', content: tickFile(proposed), revision: null };
      const before = await checksum(world.db);
      const plan = await planFile(world.controller, text);
      const found = await outlooks({ ...world.controller, engine: null }, text, plan.changes);
      expect(await checksum(world.db)).toEqual(before);
      return found;
    },
  };
}

describe('what a reviewer wants to know of a change', () => {
  it("a change preview has the moving share of last week's jobs, health, the next step and its soak", async () => {
    const { world, of } = await look(
      { one: { percentage: 10, steps: STEPS } },
      { one: { percentage: 50, steps: STEPS } },
    );
    await world.record('one', { jobs: 400, errors: 4, minutesAgo: 300, subject: 'r1' });
    await world.record('one', { jobs: 100, arm: 'fallback', minutesAgo: 300 });
    const [one] = await of();
    expect(one).toMatchObject({
      feature: 'one',
      next: { percentage: 100 },
      health: { verdict: 'healthy', gate: { wait: { code: 'few_jobs' } } },
      soak: { errorRate: 1, needed: { rate: 2 } },
      backTest: { fired: [] },
      wouldRollBack: null,
    });
    expect(one?.jobs.jobs).toBe(400);
    expect([0, 400]).toContain(one?.jobs.moving);
  });

  it('a change preview that switches a feature off counts the jobs of leaving subjects', async () => {
    const { world, of } = await look(
      { one: { percentage: 100 } },
      { one: { percentage: 100, active: false } },
    );
    await world.record('one', { jobs: 30, subject: 'r1' });
    const [one] = await of();
    expect(one).toMatchObject({ jobs: { jobs: 30, moving: 30 }, next: null });
  });

  it('a change preview warns when new thresholds would roll back the feature at the next tick', async () => {
    const strict = {
      percentage: 10,
      thresholds: { max_error_rate: 1, warning_error_rate: 0.5, critical_error_rate: 2 },
    };
    const { world, of } = await look(
      {
        one: {
          percentage: 10,
          thresholds: { max_error_rate: 20, warning_error_rate: 15, critical_error_rate: 30 },
        },
      },
      { one: strict },
    );
    await world.record('one', { jobs: 200, errors: 20, minutesAgo: 30 });
    const [one] = await of();
    expect(one?.health?.verdict).toBe('healthy');
    expect(one?.wouldRollBack).toContain('20 of 200 jobs failed');
  });

  it('a change preview of a new feature has no health and no past', async () => {
    const { of } = await look(
      { old: { percentage: 1 } },
      { old: { percentage: 1 }, fresh: { percentage: 5 } },
    );
    expect(await of()).toMatchObject([
      { feature: 'fresh', health: null, soak: null, jobs: { jobs: 0, moving: 0 }, wouldRollBack: null },
    ]);
  });
});
