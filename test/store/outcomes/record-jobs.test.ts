import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { timeOutJobs } from '../../../src/store/outcomes/jobs.ts';
import { type ReportedJob, recordJobs } from '../../../src/store/outcomes/outcomes.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const STRICT = { skipInvalid: false, anySubject: false };

function job(rest: Partial<ReportedJob> = {}): ReportedJob {
  return {
    ...{ feature: 'checkout', subject: 'in', processor: 'inngest', ok: true, arm: null, duration_ms: null },
    ...{ error: null, finished_at: null, id: null },
    ...rest,
  };
}

const record = (jobs: ReportedJob[], options = STRICT, batch: string = randomUUID()) =>
  recordJobs(db.pool, batch, jobs, options);
const counted = () =>
  db.rows(
    `select subject_id as subject, arm, epoch, category, sum(total_jobs)::int as jobs from rollout_metrics
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  );

beforeAll(async () => {
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, category)
     values ('in', 'acme/in', 'small'), ('out', 'acme/out', 'large');
     insert into rollout_customers (customer_id) values ('c1')`,
  );
  await applyFeature(db.pool, 'checkout', { percentage: 0, whitelist: ['in'] });
  await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage: 100 });
});
beforeEach(() =>
  db.pool.query(
    `truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors, rollout_batches,
       rollout_outcome_ids, rollout_jobs`,
  ),
);

describe('a job without a stamp', () => {
  it('a job without a stamp counts in its subject’s current arm unless it gives another', async () => {
    await record([
      job(),
      job({ subject: 'out' }),
      job({ arm: 'control' }),
      job({ subject: 'out', arm: 'fallback' }),
    ]);
    expect(await counted()).toEqual([
      { subject: 'in', arm: 'control', epoch: 1, category: 'small', jobs: 1 },
      { subject: 'in', arm: 'treatment', epoch: 1, category: 'small', jobs: 1 },
      { subject: 'out', arm: 'control', epoch: 1, category: 'large', jobs: 1 },
      { subject: 'out', arm: 'fallback', epoch: 1, category: 'large', jobs: 1 },
    ]);
  });

  it('a job without a stamp is control while everything is stopped', async () => {
    await db.pool.query(`update rollout_state set global_stop = true`);
    await record([job()]);
    await db.pool.query(`update rollout_state set global_stop = false`);
    expect(await counted()).toMatchObject([{ subject: 'in', arm: 'control' }]);
  });

  it('a job without a stamp may name a repository by its current owner/name, ignoring case', async () => {
    await record([job({ subject: 'ACME/In' }), job({ feature: 'pilot', subject: 'c1' })]);
    expect(await counted()).toMatchObject([{ subject: 'c1', category: '' }, { subject: 'in' }]);
  });

  it('a job without a stamp counts in the current epoch, or in the previous one if it finished before this one', async () => {
    await applyFeature(db.pool, 'again', { percentage: 0, whitelist: ['in'] });
    const early = Date.now() - 3_600_000;
    await record([job({ feature: 'again', finished_at: early })]);
    await db.pool.query(
      `update rollout_configuration set epoch = 2, epoch_started_at = now() where feature_name = 'again'`,
    );
    await record([job({ feature: 'again', finished_at: early }), job({ feature: 'again' })]);
    expect(await counted()).toMatchObject([
      { epoch: 1, jobs: 2 },
      { epoch: 2, jobs: 1 },
    ]);
  });
});

describe('an id', () => {
  it('a job’s id counts once per feature: within a batch, in later batches and from many at once', async () => {
    const three = [job({ id: 'a' }), job({ id: 'a', subject: 'out' }), job({ id: 'b' })];
    expect(await record(three)).toEqual({ recorded: 2, repeated: 1, kept: 0, refused: [] });
    expect(await record(three)).toEqual({ recorded: 0, repeated: 3, kept: 0, refused: [] });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => record([job({ id: 'c' }), job({ id: 'd' })])),
    );
    expect(answers.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(2);
    expect(await record([job({ id: 'a', feature: 'pilot', subject: 'c1' })])).toMatchObject({ recorded: 1 });
    expect(await db.rows(`select sum(total_jobs)::int as jobs from rollout_evidence`)).toEqual([{ jobs: 5 }]);
  });

  it('a job’s id is not used up by a refused batch', async () => {
    await record([job({ id: 'a' }), job({ feature: 'nope' })]);
    expect(await record([job({ id: 'a' })])).toMatchObject({ recorded: 1 });
  });
});

describe('jobs that cannot be', () => {
  const bad = [
    job(),
    job({ feature: 'nope' }),
    job({ subject: 'nobody' }),
    job({ subject: 'c1' }),
    job({ feature: 'pilot', subject: 'in' }),
  ];
  const refused = [
    { place: 1, problem: 'unknown_feature', subject_type: null },
    { place: 2, problem: 'unknown_subject', subject_type: 'repository' },
    { place: 3, problem: 'other_subject_type', subject_type: 'repository' },
    { place: 4, problem: 'other_subject_type', subject_type: 'customer' },
  ];

  it('impossible jobs are refused by their place, and nothing is recorded', async () => {
    expect(await record(bad)).toEqual({ recorded: 0, repeated: 0, kept: 0, refused });
    expect(await counted()).toEqual([]);
  });

  it('impossible jobs are left out on request', async () => {
    expect(await record(bad, { skipInvalid: true, anySubject: false })).toEqual({
      recorded: 1,
      repeated: 0,
      kept: 0,
      refused,
    });
    expect(await counted()).toMatchObject([{ subject: 'in', jobs: 1 }]);
  });

  it('a job of an unknown subject is recorded on request, without a category', async () => {
    const answer = await record([job({ subject: 'nobody' })], { skipInvalid: false, anySubject: true });
    expect(answer).toEqual({ recorded: 1, repeated: 0, kept: 0, refused: [] });
    expect(await counted()).toEqual([{ subject: 'nobody', arm: 'control', epoch: 1, category: '', jobs: 1 }]);
  });
});

it('a batch that is sent again gives the same answer and counts once', async () => {
  const batch = randomUUID();
  const jobs = [job({ id: 'a' }), job({ id: 'a' }), job({ feature: 'nope' })];
  const options = { skipInvalid: true, anySubject: false };
  const first = await record(jobs, options, batch);
  expect(first).toMatchObject({ recorded: 1, repeated: 1 });
  expect(await record(jobs, options, batch)).toEqual(first);
  expect(await counted()).toMatchObject([{ jobs: 1 }]);
});

describe('an attempt after which another one follows', () => {
  const attempt = (rest: Partial<ReportedJob> = {}) =>
    job({ id: 'job-1', ok: false, error: 'no answer', will_retry: true, ...rest });
  const last = (rest: Partial<ReportedJob> = {}) => job({ id: 'job-1', ...rest });
  const errors = () =>
    db.rows(`select sum(total_jobs)::int as jobs, sum(error_count)::int as errors from rollout_evidence`);
  const timeOut = (timeouts = { inngest: 900 }) => timeOutJobs(db.pool, 'checkout', timeouts);
  const passed = (time: string) =>
    db.pool.query(`update rollout_jobs set routed_at = now() - $1::interval`, [time]);

  it('an attempt with will_retry is kept and not counted; the last attempt counts, in one call or in several', async () => {
    expect(await record([attempt(), attempt(), last()])).toEqual({
      ...{ recorded: 1, repeated: 0, kept: 2, refused: [] },
    });
    expect(await errors()).toEqual([{ jobs: 1, errors: 0 }]);
    expect(await record([attempt({ id: 'job-2' })])).toMatchObject({ recorded: 0, kept: 1 });
    expect(await record([attempt({ id: 'job-2' })])).toMatchObject({ recorded: 0, kept: 1 });
    expect(await errors()).toEqual([{ jobs: 1, errors: 0 }]);
    expect(await record([last({ id: 'job-2' })])).toMatchObject({ recorded: 1, kept: 0 });
    expect(await errors()).toEqual([{ jobs: 2, errors: 0 }]);
    await passed('1 hour');
    expect(await timeOut()).toBe(0);
  });

  it('an attempt that nothing follows fails after the timeout, and a last attempt then comes too late', async () => {
    await record([attempt(), attempt({ error: 'still no answer' })]);
    expect(await timeOut()).toBe(0);
    await passed('1 hour');
    expect(await timeOut({ inngest: 7_200 })).toBe(0);
    expect(await timeOut()).toBe(1);
    expect(await errors()).toEqual([{ jobs: 1, errors: 1 }]);
    expect(await db.rows('select message from rollout_errors')).toEqual([{ message: 'still no answer' }]);
    expect(await record([last()])).toMatchObject({ recorded: 0, repeated: 1, kept: 0 });
    expect(await errors()).toEqual([{ jobs: 1, errors: 1 }]);
  });

  it('an attempt after the end of its job is a repetition', async () => {
    await record([last()]);
    expect(await record([attempt()])).toEqual({ recorded: 0, repeated: 1, kept: 0, refused: [] });
    expect(await record([last({ id: 'job-3' }), attempt({ id: 'job-3' })])).toEqual({
      ...{ recorded: 1, repeated: 1, kept: 0, refused: [] },
    });
    await passed('1 hour');
    expect(await timeOut()).toBe(0);
  });

  it('a retried job keeps the arm and epoch of its first attempt unless a line gives another', async () => {
    await record([attempt()]);
    await backdate(
      db,
      `target_repositories = '{}', epoch = epoch + 1, epoch_started_at = now() - interval '1 minute' where feature_name = 'checkout'`,
    );
    await record([last(), last({ id: 'job-4' })]);
    expect(await counted()).toEqual([
      { subject: 'in', arm: 'control', epoch: 2, category: 'small', jobs: 1 },
      { subject: 'in', arm: 'treatment', epoch: 1, category: 'small', jobs: 1 },
    ]);
    await backdate(db, `target_repositories = '{in}', epoch = 1 where feature_name = 'checkout'`);
  });

  it('an attempt whose answer was lost is kept once', async () => {
    const batch = randomUUID();
    const answer = await record([attempt(), job()], STRICT, batch);
    expect(await record([attempt(), job()], STRICT, batch)).toEqual(answer);
    expect(await db.rows('select state from rollout_jobs')).toEqual([{ state: 'open' }]);
  });

  it('without will_retry the first end of an id counts', async () => {
    await record([last({ ok: false }), last()]);
    expect(await errors()).toEqual([{ jobs: 1, errors: 1 }]);
  });
});
