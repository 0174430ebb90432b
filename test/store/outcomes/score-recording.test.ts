import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { openJobs, recordEnds, type Stamp, timeOutJobs } from '../../../src/store/outcomes/jobs.ts';
import { recordJobs, recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { slicesOf } from './score.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
const FOLDED = ['increments', 'timelines', 'spans', 'slices', 'levels', 'score_faults'];
const EVIDENCE = [
  'metrics',
  'evidence',
  'evidence_buckets',
  'evidence_hours',
  'errors',
  'jobs',
  'outcome_ids',
];

beforeEach(() =>
  db.pool.query(`truncate ${[...FOLDED, ...EVIDENCE].map((table) => `rollout_${table}`).join()}`),
);

const place = {
  feature: 'checkout',
  processor: 'inngest',
  epoch: 1,
  job_class: '',
  category: 'small',
} as const;

function stamp(rest: Partial<Stamp> = {}): Stamp {
  return { ...place, id: randomUUID(), subject: 'r1', arm: 'treatment', routed_at: Date.now(), ...rest };
}

function outcome(rest: Partial<Outcome> = {}): Outcome {
  const ended = { ok: true, duration_ms: null, error: null, finished_at: Date.now() };
  return { ...place, subject: 'r1', arm: 'treatment', ...ended, ...rest };
}

function end(one: Stamp, ok: boolean): Promise<number> {
  return recordEnds(db.pool, randomUUID(), [{ stamp: one, outcome: outcome({ ...one, ok }) }]);
}

function record(outcomes: readonly Outcome[]): Promise<boolean> {
  const sums = new OutcomeSums();
  for (const one of outcomes) sums.add(one);
  return recordOutcomes(db.pool, randomUUID(), sums);
}

/** What waits is folded, as whoever looks after it does. */
async function fold(): Promise<void> {
  await db.rows(`select rollout_fold('checkout')`);
}

async function spans() {
  await fold();
  return db.rows<{ subject: string; jobs: number; failed: number; open: number; ago: number }>(
    `select subject_id as subject, jobs, failed, open,
       round(extract(epoch from now() - started_at) / 60)::int as ago
     from rollout_spans order by subject_id, started_at`,
  );
}

async function counted(scope = 'all') {
  const slices = await slicesOf(db.pool, 'checkout', scope);
  const total = (field: 'spans' | 'jobs' | 'failed' | 'controlJobs' | 'controlFailed') =>
    slices.reduce((sum, slice) => sum + slice[field], 0);
  return { spans: total('spans'), jobs: total('jobs'), failed: total('failed') };
}

describe('a routed job in the score', () => {
  it('counts as not failed from the flush that opens it, and as failed from the one that ends it so', async () => {
    const job = stamp();
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 0, open: 1, ago: 0 }]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 0 });
    await end(job, false);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 1 });
    expect(await counted('category:small')).toEqual({ spans: 1, jobs: 1, failed: 1 });
  });

  it('is counted once however often it is opened and ended', async () => {
    const job = stamp();
    await openJobs(db.pool, [job]);
    await openJobs(db.pool, [job]);
    await end(job, false);
    await end(job, false);
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('that ends before its opening arrives is charged and credited at once', async () => {
    const job = stamp();
    await end(job, false);
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('keeps its span until it ends, and a timeout is a failure of that span', async () => {
    const late = stamp({ routed_at: Date.now() - 40 * 60_000 });
    await openJobs(db.pool, [late]);
    await record([outcome()]);
    await fold();
    await db.pool.query(
      `update rollout_timelines set swept_at = swept_at - interval '1 hour'; update rollout_spans set touched_at = touched_at - interval '1 hour'`,
    );
    await record([outcome({ subject: 'r2' })]);
    expect(await spans()).toEqual([
      { subject: 'r1', jobs: 1, failed: 0, open: 1, ago: 40 },
      { subject: 'r2', jobs: 1, failed: 0, open: 0, ago: 0 },
    ]);
    await timeOutJobs(db.pool, 'checkout', { inngest: 900 });
    expect((await spans())[0]).toEqual({ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 40 });
    expect(await counted()).toEqual({ spans: 3, jobs: 3, failed: 1 });
  });
});

describe('a job that is reported at its end', () => {
  const report = (rest: object) =>
    recordJobs(
      db.pool,
      randomUUID(),
      [
        {
          ...{ feature: 'checkout', subject: 'r1', processor: 'inngest', ok: false, arm: 'treatment' },
          ...{ duration_ms: null, error: null, finished_at: null, id: null },
          ...rest,
        },
      ],
      { skipInvalid: false, anySubject: true },
    );

  it('belongs to the span of its beginning where it says how long it took, else to that of its end', async () => {
    await report({ duration_ms: 30 * 60_000 });
    await report({ duration_ms: null });
    expect(await spans()).toEqual([
      { subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 30 },
      { subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 },
    ]);
  });

  it('is charged at its first attempt and credited once, when its last one fails', async () => {
    await report({ id: 'job', will_retry: true });
    await report({ id: 'job', will_retry: true });
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 0, open: 1, ago: 0 }]);
    await report({ id: 'job' });
    await report({ id: 'job' });
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('of a sum began as long before the end of the sum as its jobs took on average', async () => {
    await record([outcome({ duration_ms: 10 * 60_000 }), outcome({ duration_ms: 20 * 60_000 })]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 2, failed: 0, open: 0, ago: 15 }]);
  });
});

describe('the score of a flush', () => {
  it('counts what control had while a slice was the newest, and makes no slice for control alone', async () => {
    const control = [outcome({ arm: 'control' }), outcome({ arm: 'control', ok: false })];
    await record(control);
    expect(await slicesOf(db.pool, 'checkout')).toEqual([]);
    await record([...control, outcome()]);
    await record([outcome({ arm: 'fallback', ok: false })]);
    await fold();
    expect(await slicesOf(db.pool, 'checkout')).toMatchObject([
      { jobs: 1, failed: 0, controlJobs: 2, controlFailed: 1 },
    ]);
  });

  it('knows nothing of an epoch that has not begun', async () => {
    await record([outcome({ epoch: 2, ok: false })]);
    expect(await db.rows('select from rollout_timelines')).toEqual([]);
  });

  it('waits where it holds no failure, and is judged with the next flush that does', async () => {
    await record([outcome({ subject: 'r1' })]);
    await record([outcome({ subject: 'r2' })]);
    await record([outcome({ subject: 'r3' })]);
    expect(await db.rows(`select subjects from rollout_increments order by id`)).toEqual([
      { subjects: ['r2'] },
      { subjects: ['r3'] },
    ]);
    await record([outcome({ subject: 'r4', ok: false })]);
    expect(await db.rows('select from rollout_increments')).toEqual([]);
    expect(await counted()).toEqual({ spans: 4, jobs: 4, failed: 1 });
  });

  it('waits for five seconds at most where others follow', async () => {
    await record([outcome({ subject: 'r1' })]);
    await record([outcome({ subject: 'r2' })]);
    await db.pool.query(`update rollout_timelines set taken_at = taken_at - interval '5 seconds'`);
    await record([outcome({ subject: 'r3' })]);
    expect(await counted()).toEqual({ spans: 3, jobs: 3, failed: 0 });
  });

  it('waits for a tenth of a second where one with a failure was folded just before', async () => {
    await record([outcome({ subject: 'r1', ok: false })]);
    await db.pool.query(`update rollout_timelines set failing_at = failing_at + interval '1 hour'`);
    await record([outcome({ subject: 'r2', ok: false })]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 1 });
    await db.pool.query(`update rollout_timelines set failing_at = failing_at - interval '2 hours'`);
    await record([outcome({ subject: 'r3', ok: false })]);
    expect(await counted()).toEqual({ spans: 3, jobs: 3, failed: 3 });
  });

  it('waits for a second where no more of its jobs fail than the limit tolerates', async () => {
    const within = (flush: string) =>
      record(Array.from({ length: 100 }, (_, n) => outcome({ subject: `${flush} ${n}`, ok: n > 0 })));
    await within('a');
    await db.pool.query(`update rollout_timelines set failing_at = failing_at - interval '1 hour'`);
    await within('b');
    expect(await counted()).toEqual({ spans: 100, jobs: 100, failed: 1 });
    await db.pool.query(`update rollout_timelines set taken_at = taken_at - interval '1 second'`);
    await within('c');
    expect(await counted()).toEqual({ spans: 300, jobs: 300, failed: 3 });
  });

  it('knows that a job has ended whose beginning and end are folded together', async () => {
    await record([outcome({ subject: 'r1' })]);
    const job = stamp({ subject: 'r2' });
    await openJobs(db.pool, [job]);
    await end(job, true);
    expect((await spans())[1]).toEqual({ subject: 'r2', jobs: 1, failed: 0, open: 0, ago: 0 });
    expect(
      await db.rows(`select sum(opened)::int as opened, sum(finished)::int as finished from rollout_slices
        where scope = 'all'`),
    ).toEqual([{ opened: 1, finished: 2 }]);
  });

  it('is folded in pieces where more waits than one flush can bear, and nothing is lost', async () => {
    await record([outcome({ subject: 'r1' })]);
    await db.pool.query(`update rollout_timelines set taken_at = taken_at + interval '1 hour'`);
    for (let flush = 0; flush < 4; flush++) {
      await record(Array.from({ length: 9_000 }, (_, n) => outcome({ subject: `f${flush} s${n}` })));
    }
    await record([outcome({ subject: 'r2', ok: false })]);
    expect(await db.rows('select count(*)::int as waiting from rollout_increments')).toEqual([
      { waiting: 1 },
    ]);
    await record([outcome({ subject: 'r3' })]);
    expect(await counted()).toEqual({ spans: 36_003, jobs: 36_003, failed: 1 });
  });

  it('waits for nobody: where another transaction folds, it is left to whoever folds next', async () => {
    const other = await db.client();
    await other.query(`begin; select pg_advisory_xact_lock(hashtextextended('rollout fold checkout', 0))`);
    expect(await record([outcome(), outcome({ arm: 'control' })])).toBe(true);
    expect(await counted()).toEqual({ spans: 0, jobs: 0, failed: 0 });
    expect(await db.rows(`select rollout_fold('checkout') as folded`)).toEqual([{ folded: false }]);
    await other.query('commit');
    expect(await db.rows(`select rollout_fold('checkout') as folded`)).toEqual([{ folded: true }]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 0 });
    expect(await db.rows('select from rollout_increments')).toEqual([]);
  });

  it('that fails is noted, loses no outcome, and is made up for once it works again', async () => {
    await db.pool.query(`alter table rollout_slices add constraint broken check (weight > 2)`);
    expect(await record([outcome({ ok: false })])).toBe(true);
    expect(await record([outcome({ ok: false })])).toBe(true);
    expect(await db.rows('select sum(error_count)::int as errors from rollout_metrics')).toEqual([
      { errors: 2 },
    ]);
    expect(await db.rows('select occurrences::int, problem from rollout_score_faults')).toEqual([
      { occurrences: 2, problem: expect.stringContaining('broken') },
    ]);
    await db.pool.query('alter table rollout_slices drop constraint broken');
    await record([outcome({ subject: 'r2' })]);
    expect(await counted()).toEqual({ spans: 2, jobs: 3, failed: 2 });
    expect(await db.rows('select from rollout_score_faults')).toEqual([]);
  });

  it('counts every job of many connections at once', async () => {
    const flushes = 40;
    await Promise.all(
      Array.from({ length: flushes }, (_, flush) =>
        record(
          Array.from({ length: 20 }, (_, job) => outcome({ subject: `r${(flush + job) % 30}`, ok: job > 2 })),
        ),
      ),
    );
    await fold();
    expect(await counted()).toEqual({ spans: 30, jobs: 20 * flushes, failed: 3 * flushes });
  });
});
