import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, type OutcomeSum, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const FEATURE = 'checkout';

function outcome(rest: Partial<Outcome> = {}): Outcome {
  return {
    ...{ feature: FEATURE, subject: 'r1', processor: 'inngest', arm: 'treatment', epoch: 1, job_class: '' },
    ...{ category: 'small', ok: true, duration_ms: 100, error: null, finished_at: Date.now() },
    ...rest,
  } as Outcome;
}

function sumsOf(...outcomes: Partial<Outcome>[]): OutcomeSums {
  const sums = new OutcomeSums();
  for (const one of outcomes) sums.add(outcome(one));
  return sums;
}

const record = (sums: OutcomeSums, batch: string = randomUUID()) => recordOutcomes(db.pool, batch, sums);
const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
const windows = (table = 'rollout_evidence') =>
  db.rows<{ start: Date; jobs: number }>(
    table === 'rollout_metrics'
      ? `select metrics_window_start as start, sum(total_jobs)::int as jobs from rollout_metrics group by 1 order by 1`
      : `select window_start as start, sum(total_jobs)::int as jobs from rollout_evidence group by 1 order by 1`,
  );

beforeAll(() => applyFeature(db.pool, FEATURE, { percentage: 10 }));
beforeEach(() =>
  db.pool.query(
    'truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors, rollout_batches',
  ),
);

describe('a flush', () => {
  it('a flush counts per subject and for health, with times and error texts', async () => {
    const at = minutesAgo(0);
    const sums = sumsOf(
      { finished_at: at, duration_ms: 200 },
      { finished_at: at, ok: false, error: 'boom', duration_ms: null },
      { finished_at: at, subject: 'r2' },
      { finished_at: at, subject: 'r2', arm: 'control', processor: 'github_actions', category: '' },
    );
    expect(await record(sums)).toBe(true);
    expect(
      await db.rows(
        `select subject_id, processor_type, arm, category, total_jobs::int, success_count::int, error_count::int, timed_jobs::int,
           processing_ms, last_error_message
         from rollout_metrics order by subject_id, arm`,
      ),
    ).toEqual([
      {
        ...{
          subject_id: 'r1',
          processor_type: 'inngest',
          arm: 'treatment',
          category: 'small',
          total_jobs: 2,
        },
        ...{
          success_count: 1,
          error_count: 1,
          timed_jobs: 1,
          processing_ms: 200,
          last_error_message: 'boom',
        },
      },
      {
        ...{
          subject_id: 'r2',
          processor_type: 'github_actions',
          arm: 'control',
          category: '',
          total_jobs: 1,
        },
        ...{ success_count: 1, error_count: 0, timed_jobs: 1, processing_ms: 100, last_error_message: null },
      },
      {
        ...{
          subject_id: 'r2',
          processor_type: 'inngest',
          arm: 'treatment',
          category: 'small',
          total_jobs: 1,
        },
        ...{ success_count: 1, error_count: 0, timed_jobs: 1, processing_ms: 100, last_error_message: null },
      },
    ]);
    expect(
      await db.rows(`select arm, category, total_jobs::int, error_count::int, timed_jobs::int, processing_ms from rollout_evidence
        order by arm desc`),
    ).toEqual([
      {
        arm: 'treatment',
        category: 'small',
        total_jobs: 3,
        error_count: 1,
        timed_jobs: 2,
        processing_ms: 300,
      },
      { arm: 'control', category: '', total_jobs: 1, error_count: 0, timed_jobs: 1, processing_ms: 100 },
    ]);
    expect(await db.rows(`select message, occurrences::int from rollout_errors`)).toEqual([
      { message: 'boom', occurrences: 1 },
    ]);
  });

  it('a flush adds to what is there, and counts once under one batch', async () => {
    const batch = randomUUID();
    expect(await record(sumsOf({}, {}), batch)).toBe(true);
    expect(await record(sumsOf({}, {}), batch)).toBe(false);
    expect(await record(sumsOf({ ok: false, error: 'boom' }))).toBe(true);
    const [row] = await db.rows(
      `select sum(total_jobs)::int as jobs, sum(error_count)::int as errors from rollout_evidence`,
    );
    expect(row).toEqual({ jobs: 3, errors: 1 });
  });

  it('a flush records nothing in a transaction that fails later', async () => {
    const client = await db.client();
    await client.query('begin');
    const batch = randomUUID();
    expect(await recordOutcomes(client, batch, sumsOf({ ok: false, error: 'boom' }))).toBe(true);
    await expect(client.query('select 1 / 0')).rejects.toThrow();
    await client.query('rollback');
    expect(await windows()).toEqual([]);
    expect(await db.rows(`select from rollout_errors`)).toEqual([]);
    expect(await record(sumsOf({}), batch)).toBe(true); // the batch was not remembered either
  });

  it('error texts keep any characters, up to 300 of them, and up to 100 texts per feature, arm and day', async () => {
    await record(sumsOf({ ok: false, error: `"\\{},\u0000 é ${'x'.repeat(10_000)}`, subject: 'a"b\\c' }));
    const [kept] = await db.rows<{ message: string }>(`select message from rollout_errors`);
    expect(kept?.message).toHaveLength(300);
    expect(kept?.message).toMatch(/^"\\\{\},� é x+$/);
    for (const flush of ['a', 'b']) {
      const said = Array.from({ length: 80 }, (_, n) => ({ ok: false, error: `${flush} ${n}` }));
      await record(sumsOf(...said));
    }
    const [counted] = await db.rows(
      `select count(*)::int as texts, sum(occurrences)::int as said,
         sum(occurrences) filter (where message = '(other errors)')::int as others from rollout_errors`,
    );
    expect(counted).toEqual({ texts: 101, said: 161, others: 61 });
  });
});

describe('a window', () => {
  it('a job counts in the five minutes of aligned clock time in which it finished', async () => {
    const late = minutesAgo(3 * 24 * 60 + 7);
    const older = minutesAgo(40 * 24 * 60);
    await record(sumsOf({ finished_at: late }, { finished_at: late }, { finished_at: older }));
    const aligned = (at: number) => new Date(Math.floor(at / 300_000) * 300_000);
    const expected = [
      { start: aligned(older), jobs: 1 },
      { start: aligned(late), jobs: 2 },
    ];
    expect(await windows()).toEqual(expected);
    expect(await windows('rollout_metrics')).toEqual(expected);
  });

  it('a job whose clock is an hour ahead counts in the current window', async () => {
    await record(sumsOf({ finished_at: minutesAgo(-60), ok: false, error: 'boom' }));
    const [row] = await db.rows(
      `select bool_and(window_start <= now()) as windows,
         (select bool_and(last_at <= now()) from rollout_errors) as texts,
         (select bool_and(last_error_at <= now()) from rollout_metrics) as metrics from rollout_evidence`,
    );
    expect(row).toEqual({ windows: true, texts: true, metrics: true });
  });
});

describe('what the database does not take', () => {
  const sum = (rest: Partial<OutcomeSum>): OutcomeSum => {
    const [one] = sumsOf({}).sums;
    return { ...(one as OutcomeSum), ...rest };
  };

  it.each([
    ['more errors than jobs', { jobs: 1, errors: 2 }],
    ['negative errors', { errors: -1 }],
    ['no job', { jobs: 0 }],
    ['more times than jobs', { timed_jobs: 2 }],
    ['a negative time', { processing_ms: -1 }],
    ['a time that is not a number', { processing_ms: Number.NaN }],
    ['an endless time', { processing_ms: Number.POSITIVE_INFINITY }],
  ])('the database refuses a sum with %s', async (_what, rest) => {
    const sums = [sum({ subject: 'good' }), sum(rest)];
    const recording = recordOutcomes(db.pool, randomUUID(), { sums, errors: [] });
    await expect(recording).rejects.toMatchObject({
      code: 'record_invalid',
      message: expect.stringContaining("impossible counts for 'checkout'"),
    });
    expect(await windows()).toEqual([]);
  });

  it('the database refuses an unknown feature', async () => {
    await expect(record(sumsOf({}, { feature: 'chekout' }))).rejects.toMatchObject({
      code: 'unknown_feature',
      message: "there is no feature 'chekout'",
    });
    expect(await windows()).toEqual([]);
  });
});
