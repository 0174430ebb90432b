import { describe, expect, it } from 'vitest';
import type { Rollout, Routed } from '../../../src/runtime/index.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { spec } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { openRollout, told } from '../../helpers/http/rollouts.ts';

const ROUTING = { ...spec().routing, fallback: 'old', realtime: 'inngest', bulk: 'github_actions' };

/** A library whose clock is moved by hand, and a feature that is on for all but `out`. */
async function world(breaker: boolean) {
  const db = await testDatabase();
  const routing = breaker ? { ...ROUTING, breaker } : ROUTING;
  // What is tried is the breaker: nothing rolls the feature back.
  const rollback = { ...spec().rollback, fuse: false };
  await applyFeature(db.pool, 'capture', { percentage: 100, blacklist: ['out'], routing, rollback });
  let passed = 0;
  const rollout = await openRollout({
    connectionString: db.connectionString,
    flushMs: 3_600_000,
    maxStaleMs: 3_600_000,
    now: () => performance.now() + passed,
  });
  const pass = (ms: number) => {
    passed += ms;
  };
  return { db, rollout, pass };
}

function route(rollout: Rollout, rest: object = {}): Routed {
  return rollout.route('capture', { subject: 'r1', timeRange: 0, ...rest });
}

function work(rollout: Rollout, ok: boolean, count = 1): void {
  for (let job = 0; job < count; job++) rollout.record({ stamp: route(rollout).stamp, ok });
}

const where = ({ processor, arm, rule }: Routed) => `${processor} ${arm} ${rule}`;

describe('the breaker of a processor', () => {
  it('the breaker is off unless the file asks for it', async () => {
    const { rollout } = await world(false);
    work(rollout, false, 30);
    expect(where(route(rollout))).toBe('inngest treatment recent');
    expect(rollout.state()).not.toHaveProperty('breakers');
  });

  it('the breaker sends jobs to the fallback while the processor fails, probes it, and closes when it works again', async () => {
    const { db, rollout, pass } = await world(true);
    const events = told(rollout, 'breaker');
    work(rollout, false, 10);
    const broken = { feature: 'capture', processor: 'inngest' };
    expect(rollout.state().breakers).toEqual([{ ...broken, state: 'open' }]);
    const left = route(rollout);
    expect(where(left)).toBe('old fallback breaker');
    expect(left.stamp).toMatchObject({ processor: 'old', arm: 'fallback', job_class: 'fallback' });
    rollout.record({ stamp: left.stamp, ok: true });
    // Another processor of the feature, and who is not in it, go on.
    expect(where(route(rollout, { timeRange: 30 }))).toBe('github_actions treatment historical');
    expect(where(route(rollout, { subject: 'out' }))).toBe('old control not_eligible');

    pass(31_000);
    const probe = route(rollout);
    expect(where(probe)).toBe('inngest treatment recent');
    expect(where(route(rollout))).toBe('old fallback breaker');
    rollout.record({ stamp: probe.stamp, ok: true });
    work(rollout, true, 2);
    expect(rollout.state()).not.toHaveProperty('breakers');
    expect(where(route(rollout))).toBe('inngest treatment recent');
    expect(events).toEqual(['open', 'half_open', 'closed'].map((state) => ({ ...broken, state })));

    await rollout.flush();
    expect(
      await db.rows(
        `select arm, processor_type as processor, sum(total_jobs)::int as jobs from rollout_metrics group by 1, 2 order by 1`,
      ),
    ).toEqual([
      { arm: 'fallback', processor: 'old', jobs: 1 },
      { arm: 'treatment', processor: 'inngest', jobs: 13 },
    ]);
  });
});
