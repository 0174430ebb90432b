import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { openJobs, recordEnds } from '../../../src/store/outcomes/jobs.ts';
import { readWindows, SCORE_DAYS } from '../../../src/store/score/windows.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const MINUTE = 60_000;
const START = Math.floor(Date.now() / (15 * MINUTE)) * 15 * MINUTE - 60 * MINUTE;
const asked = [{ feature: 'checkout', epoch: 1, epoch_started_at: new Date(START) }];

const stampsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: randomUUID(), feature: 'checkout', epoch: 1, job_class: '', processor: 'inngest' },
    ...{ subject: `s${n}`, category: '', arm: 'treatment' as const, routed_at: from + n },
  }));

type Stamp = ReturnType<typeof stampsOf>[number];

/** Jobs that end in the window in which they were routed. */
async function end(opened: Stamp[], ok: (one: Stamp, place: number) => boolean) {
  await openJobs(db.pool, opened);
  const ends = opened.map((stamp, n) => ({
    stamp,
    outcome: { ...stamp, ok: ok(stamp, n), duration_ms: 10, error: null, finished_at: stamp.routed_at + 10 },
  }));
  await recordEnds(db.pool, randomUUID(), ends);
}

/** A job each of a hundred subjects; every fifth fails. */
const run = (from: number) => end(stampsOf(from, 100), (_, n) => n % 5 > 0);

const keep = (by_subject: string) =>
  db.pool.query(
    `update rollout_state set outcomes = jsonb_build_object('by_subject', $1::text, 'keep_days', null)`,
    [by_subject],
  );

async function windows() {
  const read = await readWindows(db.pool, asked, SCORE_DAYS);
  return (read.get('checkout')?.().windows ?? []).map(({ startedAt, spans, jobs, failed }) => ({
    ...{ at: (startedAt * 1_000 - START) / MINUTE, spans, jobs, failed },
  }));
}

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout');
});
beforeEach(async () => {
  await keep('full');
  await db.pool.query(
    'truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_jobs, rollout_opened_jobs, rollout_named_subjects',
  );
});

const TURNS = ['full', 'top', 'off'].flatMap((from) =>
  ['full', 'top', 'off'].map((to) => [from, to] as const),
);

it.each(TURNS)(
  'a change of outcomes.by_subject from %s to %s leaves earlier windows unchanged',
  async (from, to) => {
    await keep(from);
    await run(START);
    await run(START + 5 * MINUTE);
    const before = await windows();
    expect(before.map(({ jobs, failed }) => [jobs, failed])).toEqual([
      [100, 20],
      [100, 20],
    ]);
    await keep(to);
    expect(await windows()).toEqual(before);
    await db.pool.query('delete from rollout_named_subjects');
    expect(await windows()).toEqual(before);
  },
);

it.each(['full', 'top', 'off'])(
  'windows keep the categories apart with outcomes.by_subject: %s',
  async (by_subject) => {
    await keep(by_subject);
    const stamps = ['small', 'test', 'large'].flatMap((category) =>
      stampsOf(START, 40).map((one) => ({ ...one, category, subject: `${category} ${one.subject}` })),
    );
    await end(stamps, ({ category }) => category !== 'large');
    const read = await readWindows(db.pool, asked, SCORE_DAYS);
    const found = (read.get('checkout')?.().windows ?? []).map(({ category, jobs, failed }) => ({
      category,
      jobs,
      failed,
    }));
    expect(found).toEqual([
      { category: 'large', jobs: 40, failed: 40 },
      { category: 'small', jobs: 40, failed: 0 },
      { category: 'test', jobs: 40, failed: 0 },
    ]);
  },
);
