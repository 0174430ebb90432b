import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { tripFuse } from '../../src/store/outcomes/fuse.ts';
import { createStore } from '../../src/store/store.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { guarded, guardrail } from '../store/guardrails/events.ts';

const SLOW = { guardrails: { slow: guardrail({ source: 'time', slower_than: 'control_p95', limit: 10 }) } };

const kept = async (db: TestDatabase) =>
  (
    await db.rows<{ text: string }>(
      `select concat_ws(' ', arm, sum(events), sum(bad)) as text from rollout_observations
       where metric = 'slow' group by arm order by 1`,
    )
  ).map(({ text }) => text);

/** `count` jobs of control that are already over: they take 1 to 100 times `unit` milliseconds. */
function controlJobs(db: TestDatabase, count: number, unit: number, processor = 'inngest') {
  const line = { feature: 'checkout', processor, ok: true, arm: 'control' as const, error: null };
  const jobs = Array.from({ length: count }, (_, i) => {
    return { ...line, subject: `c${i}`, duration_ms: ((i % 100) + 1) * unit, finished_at: null, id: null };
  });
  return createStore(db.pool).outcomes.recordJobs(randomUUID(), jobs, {
    skipInvalid: false,
    anySubject: true,
  });
}

it('a job is slow above the 95th percentile of control, by processor, once control has 100 timed jobs', async () => {
  const db = await guarded({}, { percentage: 0, whitelist: ['in'], ...SLOW });
  const store = createStore(db.pool);
  await controlJobs(db, 99, 10);
  expect(await store.guardrails.measureTimes()).toBe(0);
  await controlJobs(db, 100, 10);
  await controlJobs(db, 200, 1_000, 'github_actions');
  expect(await kept(db)).toEqual([]);
  expect(await store.guardrails.measureTimes()).toBe(2);
  const rollout = await openRollout({ connectionString: db.connectionString });
  const end = { feature: 'checkout', subject: 'in', ok: true } as const;
  // A sum of several jobs, one of one job, and jobs that the database decides on.
  for (const durationMs of [900, 900, 1_200]) rollout.record({ ...end, processor: 'inngest', durationMs });
  rollout.record({ ...end, processor: 'github_actions', durationMs: 1_200 });
  rollout.record({ ...end, processor: 'unknown', durationMs: 1_200_000 });
  rollout.record({ ...end, processor: 'inngest', ok: false });
  const { stamp } = rollout.route('checkout', { subject: 'in' });
  rollout.record({ stamp, ok: true, durationMs: 9_000_000 });
  expect(await rollout.flush()).toBe(true);
  await controlJobs(db, 20, 10);
  expect(await kept(db)).toEqual(['control 20 0', 'treatment 5 2']);
});

it('jobs that take twice as long as control roll the feature back by their flushes, although none failed', async () => {
  const db = await guarded({}, { percentage: 50, ...SLOW });
  await controlJobs(db, 1_000, 10);
  await createStore(db.pool).guardrails.measureTimes();
  const line = {
    feature: 'checkout',
    processor: 'inngest',
    ok: true,
    arm: 'treatment' as const,
    error: null,
  };
  const record = (subjects: number, factor: number) => {
    const jobs = Array.from({ length: 200 }, (_, i) => {
      const duration_ms = (((i * 37) % 100) + 1) * 10 * factor;
      return { ...line, subject: `r${subjects + i}`, duration_ms, finished_at: null, id: null };
    });
    return createStore(db.pool).outcomes.recordJobs(randomUUID(), jobs, {
      skipInvalid: false,
      anySubject: true,
    });
  };
  const active = async () =>
    (await db.rows<{ active: boolean }>('select is_active as active from rollout_configuration'))[0]?.active;
  await record(0, 1);
  expect(await active()).toBe(true);
  await record(200, 2);
  // A flush right after one with bad events waits a tenth of a second for others to be folded with.
  await expect.poll(() => tripFuse(db.pool).then(active)).toBe(false);
  const [incident] = await db.rows<{ reason: string }>('select reason from rollout_incidents');
  expect(incident?.reason).toMatch(/^guardrail slow: \d+ of \d+ events were bad since/);
});
