import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { importRows, repository } from '../helpers/data/features.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { guarded, guardrail } from '../store/guardrails/events.ts';

const SLOW = { guardrails: { slow: guardrail({ source: 'time', slower_than: 30, limit: 10 }) } };

const kept = async (db: TestDatabase) =>
  (
    await db.rows<{ text: string }>(
      `select concat_ws(' ', subject_id, arm, sum(events), sum(bad)) as text from rollout_observations
       where metric = 'slow' group by subject_id, arm order by 1`,
    )
  ).map(({ text }) => text);

it('each timed job counts once for the guardrail on time, however it is reported', async () => {
  const db = await guarded({}, { percentage: 0, whitelist: ['in'], ...SLOW });
  const rollout = await openRollout({ connectionString: db.connectionString });
  const stamps = [1, 2, 3].map(() => rollout.route('checkout', { subject: 'in' }).stamp);
  // One that the database decides on, twice; one that is added up here; one without a time.
  rollout.record({ stamp: stamps[0] ?? null, ok: true, durationMs: 31_000 });
  rollout.record({ stamp: stamps[0] ?? null, ok: true, durationMs: 31_000 });
  rollout.record({ stamp: stamps[1] ?? null, ok: true, durationMs: 29_000, elsewhere: false });
  rollout.record({ stamp: stamps[2] ?? null, ok: true });
  rollout.record({ feature: 'checkout', subject: 'out', processor: 'inngest', ok: true, durationMs: 30_001 });
  expect(await rollout.flush()).toBe(true);
  await rollout.flush();
  const line = {
    feature: 'checkout',
    processor: 'inngest',
    ok: true,
    arm: null,
    error: null,
    finished_at: null,
  };
  const lines = [
    { ...line, subject: 'in', duration_ms: 30_000, id: 'job-1' },
    { ...line, subject: 'in', duration_ms: 90_000, id: 'job-1' },
    { ...line, subject: 'out', duration_ms: null, id: null },
  ];
  await createStore(db.pool).outcomes.recordJobs(randomUUID(), lines, {
    skipInvalid: false,
    anySubject: true,
  });
  expect(await kept(db)).toEqual(['in treatment 3 1', 'out control 1 1']);
});

it('slow jobs roll the feature back by the flush that brings them, although none failed', async () => {
  const db = await guarded({}, { percentage: 100, ...SLOW });
  const rollout = await openRollout({ connectionString: db.connectionString });
  for (let i = 0; i < 60; i++) {
    const { stamp } = rollout.route('checkout', { subject: `r${i}` });
    rollout.record({ stamp, ok: true, durationMs: i % 2 === 0 ? 1_000 : 45_000 });
  }
  expect(await rollout.flush()).toBe(true);
  const [row] = await db.rows<{ active: boolean; reason: string }>(
    `select c.is_active as active, i.reason from rollout_configuration c join rollout_incidents i using (feature_name)`,
  );
  expect(row?.active).toBe(false);
  expect(row?.reason).toMatch(/^guardrail slow: 30 of 60 events were bad since/);
});

it('a job counts by the limit of its repository’s size, and not at all without a known size', async () => {
  const by = { slow: guardrail({ source: 'time', slower_than: { small: 30, large: 600 }, limit: 10 }) };
  const db = await guarded({}, { percentage: 100, guardrails: by });
  await importRows(db.pool, [
    repository('small', { star_count: 40 }),
    repository('medium', { star_count: 400 }),
    repository('large', { star_count: 4_000 }),
    repository('unknown', { star_count: null, contributor_count: null, pr_count: null }),
  ]);
  const rollout = await openRollout({ connectionString: db.connectionString });
  const subjects = ['small', 'medium', 'large', 'unknown', 'stranger'];
  for (const subject of subjects) {
    const { stamp } = rollout.route('checkout', { subject });
    rollout.record({ stamp, ok: true, durationMs: 31_000 });
    const { stamp: another } = rollout.route('checkout', { subject });
    rollout.record({ stamp: another, ok: true, durationMs: 601_000, elsewhere: false });
    rollout.record({ feature: 'checkout', subject, processor: 'inngest', ok: true, durationMs: 1_000 });
  }
  expect(await rollout.flush()).toBe(true);
  await rollout.flush();
  expect(await kept(db)).toEqual(['large treatment 3 1', 'small treatment 3 2']);
  const line = {
    feature: 'checkout',
    processor: 'inngest',
    ok: true,
    arm: null,
    error: null,
    finished_at: null,
  };
  const lines = subjects.map((subject) => ({ ...line, subject, duration_ms: 40_000, id: `job-${subject}` }));
  await createStore(db.pool).outcomes.recordJobs(randomUUID(), lines, {
    skipInvalid: false,
    anySubject: true,
  });
  expect(await kept(db)).toEqual(['large treatment 4 1', 'small treatment 4 3']);
});

it('a time limit that SQL broke loses no outcome', async () => {
  const by = { slow: guardrail({ source: 'time', slower_than: { small: 30 }, limit: 10 }) };
  const db = await guarded({}, { percentage: 100, guardrails: by });
  await importRows(db.pool, [repository('small', { star_count: 40 })]);
  for (const broken of ['{}', '{"small": "soon"}', '{"small": null}', '[30]', '"30"']) {
    await db.rows(
      `update rollout_configuration set spec = jsonb_set(spec, '{guardrails,slow,slower_than}', '${broken}')`,
    );
    const rollout = await openRollout({ connectionString: db.connectionString });
    const { stamp } = rollout.route('checkout', { subject: 'small' });
    rollout.record({ stamp, ok: true, durationMs: 31_000 });
    rollout.record({
      feature: 'checkout',
      subject: 'small',
      processor: 'inngest',
      ok: true,
      durationMs: 31_000,
    });
    expect(await rollout.flush()).toBe(true);
  }
  expect(await kept(db)).toEqual([]);
  expect(await db.rows(`select sum(total_jobs)::int as n from rollout_evidence`)).toEqual([{ n: 10 }]);
});
