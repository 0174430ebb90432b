import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OutcomeSum, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { NumberedIds, numberedId } from '../../../src/lib/portable/numbered-ids.ts';
import { recordEvents } from '../../../src/store/guardrails/observations.ts';
import { recordEnds } from '../../../src/store/outcomes/jobs.ts';
import { recordJobs, recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();

beforeAll(() => applyFeature(db.pool, 'checkout', { percentage: 10 }));
beforeEach(() => db.pool.query('truncate rollout_metrics, rollout_evidence, rollout_batches'));

function record(batch: string): Promise<boolean> {
  const sums = new OutcomeSums();
  sums.add({
    ...{ feature: 'checkout', subject: 'r1', processor: 'inngest', arm: 'control', epoch: 1, job_class: '' },
    ...{ category: '', ok: true, duration_ms: null, error: null, finished_at: Date.now() },
  });
  return recordOutcomes(db.pool, batch, sums);
}

const kept = () => db.rows('select numbers::text as numbers from rollout_batches order by 1');
const jobs = async () =>
  (
    await db.rows<{ jobs: number }>('select coalesce(sum(total_jobs), 0)::int as jobs from rollout_evidence')
  )[0]?.jobs;

describe('batches that one sender numbers', () => {
  it('the numbered batches of one sender are one row, however many they are', async () => {
    const ids = new NumberedIds();
    for (let n = 0; n < 20; n++) expect(await record(ids.next())).toBe(true);
    expect(await kept()).toEqual([{ numbers: '{[1,21)}' }]);
    expect(await jobs()).toBe(20);
  });

  it('numbered batches count once each, in whatever order and however often they come', async () => {
    const sequences = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sequences, async (numbers) => {
        const sender = randomUUID();
        const before = (await jobs()) ?? 0;
        const seen = new Set<number>();
        for (const number of numbers) {
          expect(await record(numberedId(sender, number))).toBe(!seen.has(number));
          seen.add(number);
        }
        expect(await jobs()).toBe(before + seen.size);
      }),
      { numRuns: 25 },
    );
  });

  it('numbered batches count once when many connections send the same ones at the same moment', async () => {
    const sender = randomUUID();
    const sent = Array.from({ length: 60 }, (_, n) => record(numberedId(sender, 1 + (n % 6))));
    expect((await Promise.all(sent)).filter(Boolean)).toHaveLength(6);
    expect(await jobs()).toBe(6);
    expect(await kept()).toEqual([{ numbers: '{[1,7)}' }]);
  });

  it('a refused batch leaves its number free', async () => {
    const ids = new NumberedIds();
    const [refused, next] = [ids.next(), ids.next()];
    const nothing = { sums: [{ ...NO_FEATURE }], errors: [] };
    await expect(recordOutcomes(db.pool, refused, nothing)).rejects.toMatchObject({
      code: 'unknown_feature',
    });
    expect(await record(next)).toBe(true);
    expect(await kept()).toEqual([{ numbers: '{[2,3)}' }]);
    expect(await record(refused)).toBe(true);
    expect(await kept()).toEqual([{ numbers: '{[1,3)}' }]);
  });

  it('a sender may have a thousand gaps; beyond that, the oldest missing number is refused as too late', async () => {
    const sender = randomUUID();
    await db.pool.query(
      `insert into rollout_batches (sender, numbers)
       select $1, range_agg(int8range(2 * n, 2 * n, '[]')) from generate_series(1, 1000) n`,
      [numberedId(sender, 0)],
    );
    expect(await record(numberedId(sender, 3))).toBe(true);
    expect(await record(numberedId(sender, 2_005))).toBe(true);
    expect(await record(numberedId(sender, 2_010))).toBe(true);
    expect(await record(numberedId(sender, 5))).toBe(false);
    expect(await record(numberedId(sender, 7))).toBe(true);
  });
});

const NO_FEATURE: OutcomeSum = {
  ...{
    feature: 'nope',
    subject: 'r1',
    processor: 'p',
    arm: 'control',
    epoch: 1,
    job_class: '',
    category: '',
  },
  ...{ window: Date.now(), jobs: 1, errors: 0, timed_jobs: 0, processing_ms: 0, times: null },
  ...{ last_error: null, last_error_at: 0 },
};

it('a batch with an id of its own is a row of its own and counts once', async () => {
  const ids = [randomUUID(), randomUUID()];
  for (const id of [...ids, ...ids]) await record(id);
  expect(await jobs()).toBe(2);
  expect(await kept()).toEqual([{ numbers: '{[0,1)}' }, { numbers: '{[0,1)}' }]);
});

it('the newest answer that a sender got can be requested again', async () => {
  const ids = new NumberedIds();
  const report = (batch: string, amount: number) =>
    recordJobs(
      db.pool,
      batch,
      Array.from({ length: amount }, () => REPORTED),
      { skipInvalid: false, anySubject: true },
    );
  const [first, second] = [ids.next(), ids.next()];
  const nothing = { repeated: 0, kept: 0, refused: [] };
  expect(await report(first, 1)).toEqual({ ...nothing, recorded: 1 });
  expect(await report(first, 1)).toEqual({ ...nothing, recorded: 1 });
  expect(await report(second, 3)).toEqual({ ...nothing, recorded: 3 });
  expect(await report(second, 3)).toEqual({ ...nothing, recorded: 3 });
  expect(await report(first, 1)).toEqual({ ...nothing, recorded: 0 });
  expect(await jobs()).toBe(4);
});

const REPORTED = {
  ...{ feature: 'checkout', subject: 'r1', processor: 'p', ok: true, arm: null, duration_ms: null },
  ...{ error: null, finished_at: null, id: null },
} as const;

it('ends of routed jobs and events of no feature leave no batch', async () => {
  const { ok, duration_ms, error, ...place } = { ...REPORTED, arm: 'control' as const };
  const stamp = { ...place, id: randomUUID(), epoch: 1, job_class: '', category: '', routed_at: Date.now() };
  const outcome = { ...stamp, ok, duration_ms, error, finished_at: Date.now() };
  const batch = randomUUID();
  expect(await recordEnds(db.pool, batch, [{ stamp, outcome }])).toBe(1);
  expect(await recordEnds(db.pool, batch, [{ stamp, outcome }])).toBe(0);
  const events = [
    {
      ...{ feature: 'nope', metric: 'm', subject: 'r1', arm: null, epoch: null, category: null },
      ...{ at: null, events: 1, bad: 0, id: null },
    },
  ];
  await recordEvents(db.pool, batch, events, { skipInvalid: false, anySubject: true });
  expect(await kept()).toEqual([]);
});
