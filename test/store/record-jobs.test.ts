import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ReportedJob, recordJobs } from '../../src/store/outcomes.ts';
import { testDatabase } from '../helpers/database.ts';
import { applyFeature } from '../helpers/features.ts';

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
       rollout_outcome_ids`,
  ),
);

describe('a job without a stamp', () => {
  it('counts in the arm that its subject is in now, unless it says another', async () => {
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

  it('is control while everything is stopped', async () => {
    await db.pool.query(`update rollout_state set global_stop = true`);
    await record([job()]);
    await db.pool.query(`update rollout_state set global_stop = false`);
    expect(await counted()).toMatchObject([{ subject: 'in', arm: 'control' }]);
  });

  it('may name a repository by its current owner/name, whatever the case', async () => {
    await record([job({ subject: 'ACME/In' }), job({ feature: 'pilot', subject: 'c1' })]);
    expect(await counted()).toMatchObject([{ subject: 'c1', category: '' }, { subject: 'in' }]);
  });

  it('counts in the epoch of now, and in the one before when it finished before this one began', async () => {
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
  it('counts once for a feature: in one batch, in later ones, and from many at once', async () => {
    const three = [job({ id: 'a' }), job({ id: 'a', subject: 'out' }), job({ id: 'b' })];
    expect(await record(three)).toEqual({ recorded: 2, repeated: 1, refused: [] });
    expect(await record(three)).toEqual({ recorded: 0, repeated: 3, refused: [] });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => record([job({ id: 'c' }), job({ id: 'd' })])),
    );
    expect(answers.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(2);
    expect(await record([job({ id: 'a', feature: 'pilot', subject: 'c1' })])).toMatchObject({ recorded: 1 });
    expect(await db.rows(`select sum(total_jobs)::int as jobs from rollout_evidence`)).toEqual([{ jobs: 5 }]);
  });

  it('is not used up by a batch that was refused', async () => {
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

  it('are refused by their place, and nothing is recorded', async () => {
    expect(await record(bad)).toEqual({ recorded: 0, repeated: 0, refused });
    expect(await counted()).toEqual([]);
  });

  it('are left out when asked to', async () => {
    expect(await record(bad, { skipInvalid: true, anySubject: false })).toEqual({
      recorded: 1,
      repeated: 0,
      refused,
    });
    expect(await counted()).toMatchObject([{ subject: 'in', jobs: 1 }]);
  });

  it('may be of any subject when asked to, without a category', async () => {
    const answer = await record([job({ subject: 'nobody' })], { skipInvalid: false, anySubject: true });
    expect(answer).toEqual({ recorded: 1, repeated: 0, refused: [] });
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
