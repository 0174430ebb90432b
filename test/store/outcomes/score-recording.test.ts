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
  it('a routed job counts as not failed in the score when it is opened, and as failed when it ends so', async () => {
    const job = stamp();
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 0, open: 1, ago: 0 }]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 0 });
    await end(job, false);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 1 });
    expect(await counted('category:small')).toEqual({ spans: 1, jobs: 1, failed: 1 });
  });

  it('a routed job counts once in the score, however often it is opened and ended', async () => {
    const job = stamp();
    await openJobs(db.pool, [job]);
    await openJobs(db.pool, [job]);
    await end(job, false);
    await end(job, false);
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('a routed job that ends before its opening arrives is charged and credited in the score at once', async () => {
    const job = stamp();
    await end(job, false);
    await openJobs(db.pool, [job]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('an open job keeps its span, and its timeout is a failure of that span', async () => {
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

  it('a reported job belongs to the span of its beginning if its duration is known, else of its end', async () => {
    await report({ duration_ms: 30 * 60_000 });
    await report({ duration_ms: null });
    expect(await spans()).toEqual([
      { subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 30 },
      { subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 },
    ]);
  });

  it('a reported job is charged at its first attempt and credited once, when its last attempt fails', async () => {
    await report({ id: 'job', will_retry: true });
    await report({ id: 'job', will_retry: true });
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 0, open: 1, ago: 0 }]);
    await report({ id: 'job' });
    await report({ id: 'job' });
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 1, failed: 1, open: 0, ago: 0 }]);
  });

  it('the jobs of a sum began as long before its end as they took on average', async () => {
    await record([outcome({ duration_ms: 10 * 60_000 }), outcome({ duration_ms: 20 * 60_000 })]);
    expect(await spans()).toEqual([{ subject: 'r1', jobs: 2, failed: 0, open: 0, ago: 15 }]);
  });
});

describe('the score of a flush', () => {
  it('a slice counts the jobs of control while it was the newest, and control alone makes no slice', async () => {
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

  it('the score ignores an epoch that has not begun', async () => {
    await record([outcome({ epoch: 2, ok: false })]);
    expect(await db.rows('select from rollout_timelines')).toEqual([]);
  });

  it('a flush without failures waits and is judged with the next flush that has one', async () => {
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

  it('a waiting flush is judged after at most five seconds if others follow', async () => {
    await record([outcome({ subject: 'r1' })]);
    await record([outcome({ subject: 'r2' })]);
    await db.pool.query(`update rollout_timelines set taken_at = taken_at - interval '5 seconds'`);
    await record([outcome({ subject: 'r3' })]);
    expect(await counted()).toEqual({ spans: 3, jobs: 3, failed: 0 });
  });

  it('a flush with a failure waits a tenth of a second after another one was folded', async () => {
    await record([outcome({ subject: 'r1', ok: false })]);
    await db.pool.query(`update rollout_timelines set failing_at = failing_at + interval '1 hour'`);
    await record([outcome({ subject: 'r2', ok: false })]);
    expect(await counted()).toEqual({ spans: 1, jobs: 1, failed: 1 });
    await db.pool.query(`update rollout_timelines set failing_at = failing_at - interval '2 hours'`);
    await record([outcome({ subject: 'r3', ok: false })]);
    expect(await counted()).toEqual({ spans: 3, jobs: 3, failed: 3 });
  });

  it('a flush waits a second if no more of its jobs fail than the limit tolerates', async () => {
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

  it('a job whose beginning and end are folded together counts as ended', async () => {
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

  it('more waiting increments than one flush can bear are folded in parts, and none is lost', async () => {
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

  it('a flush does not wait for another transaction that folds: the next fold includes it', async () => {
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

  it('a failing fold is noted, loses no outcome, and is made up for later', async () => {
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

  it('the score counts every job of many concurrent connections', async () => {
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
