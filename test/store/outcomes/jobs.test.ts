import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Queryable } from '../../../src/store/db/client.ts';
import {
  countOpenJobs,
  openJobs,
  recordEnds,
  type Stamp,
  timeOutJobs,
} from '../../../src/store/outcomes/jobs.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const TIMEOUTS = { inngest: 900 };

function stamp(rest: Partial<Stamp> = {}): Stamp {
  return {
    ...{
      id: randomUUID(),
      feature: 'checkout',
      subject: 'r1',
      processor: 'inngest',
      arm: 'treatment',
      epoch: 3,
    },
    ...{ job_class: 'realtime', category: 'small', routed_at: Date.now() },
    ...rest,
  } as Stamp;
}

/** Records that these ended well, through one connection or the pool; how many were counted. */
const finish = (stamps: Stamp[], through: Queryable = db.pool) =>
  recordEnds(
    through,
    randomUUID(),
    stamps.map((one) => ({
      stamp: one,
      outcome: { ...one, ok: true, duration_ms: 5, error: null, finished_at: Date.now() },
    })),
  );
const hourAgo = () => Date.now() - 3_600_000;
const timeOut = () => timeOutJobs(db.pool, 'checkout', TIMEOUTS);
const failures = () =>
  db.rows(
    `select arm, epoch, processor_type as processor, category, job_class, total_jobs::int as jobs, error_count::int as errors
     from rollout_evidence`,
  );

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout', { percentage: 10 });
  await db.pool.query('update rollout_configuration set epoch = 3');
});
beforeEach(() =>
  db.pool.query(
    'truncate rollout_jobs, rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors',
  ),
);

describe('a routed job that never finishes', () => {
  it('a job that never finishes is one failure in the arm and epoch of its routing, however many ticks look', async () => {
    await openJobs(db.pool, [
      stamp({ routed_at: hourAgo() }),
      stamp(),
      stamp({ processor: 'other', routed_at: hourAgo() }),
    ]);
    const looks = await Promise.all([timeOut(), timeOut(), timeOut()]);
    expect(looks.sort()).toEqual([0, 0, 1]);
    expect(await timeOut()).toBe(0);
    expect(await failures()).toEqual([
      {
        ...{ arm: 'treatment', epoch: 3, processor: 'inngest', category: 'small', job_class: 'realtime' },
        ...{ jobs: 1, errors: 1 },
      },
    ]);
    expect(await db.rows(`select message, occurrences::int from rollout_errors`)).toEqual([
      { message: 'timed out', occurrences: 1 },
    ]);
  });

  it('a routed job counts as open until its timeout, with the age of the oldest', async () => {
    const oldest = hourAgo();
    await openJobs(db.pool, [stamp({ routed_at: oldest }), stamp(), stamp({ processor: 'github_actions' })]);
    expect(await countOpenJobs(db.pool, 'checkout')).toMatchObject([
      { processor: 'github_actions', open: 1 },
      { processor: 'inngest', arm: 'treatment', open: 2, oldest: new Date(oldest) },
    ]);
    await timeOut();
    expect(await countOpenJobs(db.pool)).toMatchObject([{ open: 1 }, { open: 1 }]);
  });

  it('a finish after the timeout does not correct the failure', async () => {
    const late = stamp({ routed_at: hourAgo() });
    await openJobs(db.pool, [late]);
    await timeOut();
    expect(await finish([late])).toBe(0);
    expect(await openJobs(db.pool, [late])).toBe(0);
    expect(await timeOut()).toBe(0);
  });

  it('a job’s routing time is now at the latest, whatever its clock says', async () => {
    await openJobs(db.pool, [stamp({ routed_at: Date.now() + 3_600_000 })]);
    expect(await db.rows(`select routed_at <= now() as past from rollout_jobs`)).toEqual([{ past: true }]);
  });
});

describe('a finish', () => {
  it('the finish of a routed job counts once, whoever reports it', async () => {
    const one = stamp({ routed_at: hourAgo() });
    expect(await openJobs(db.pool, [one, one])).toBe(1);
    const reports = await Promise.all(Array.from({ length: 5 }, () => finish([one, one])));
    expect(reports.sort()).toEqual([0, 0, 0, 0, 1]);
    expect(await failures()).toMatchObject([{ jobs: 1, errors: 0 }]);
    expect(await timeOut()).toBe(0);
    expect(await countOpenJobs(db.pool)).toEqual([]);
  });

  it('a finish before the flushed opening leaves a tombstone, so that the opening never times out', async () => {
    const quick = stamp({ routed_at: hourAgo() });
    expect(await finish([quick])).toBe(1);
    expect(await openJobs(db.pool, [quick])).toBe(0);
    expect(await timeOut()).toBe(0);
    expect(await failures()).toMatchObject([{ jobs: 1, errors: 0 }]);
  });

  it('a running finish keeps the job from timing out, and the timeout does not wait for it', async () => {
    const racing = stamp({ routed_at: hourAgo() });
    await openJobs(db.pool, [racing]);
    const client = await db.client();
    await client.query('begin');
    expect(await finish([racing], client)).toBe(1);
    expect(await timeOut()).toBe(0);
    await client.query('commit');
    expect(await timeOut()).toBe(0);
  });
});

describe('a stamp of an epoch that has not begun', () => {
  it('a stamp of an epoch that has not begun neither opens nor counts, and leaves others alone', async () => {
    const [gone, mine] = [stamp({ epoch: 4 }), stamp()];
    expect(await openJobs(db.pool, [gone, mine])).toBe(1);
    expect(await finish([gone, mine])).toBe(1);
    expect(await failures()).toMatchObject([{ epoch: 3, jobs: 1 }]);
    expect(await db.rows('select epoch, state from rollout_jobs')).toEqual([{ epoch: 3, state: 'finished' }]);
  });
});

describe('a job that is tried again', () => {
  it('a retried job stays open and times out with the error of its last attempt', async () => {
    const tried = stamp({ routed_at: hourAgo() });
    expect(await openJobs(db.pool, [{ ...tried, lastError: 'first' }])).toBe(1);
    expect(await openJobs(db.pool, [{ ...tried, lastError: 'second' }])).toBe(0);
    expect(await failures()).toEqual([]);
    expect(await timeOut()).toBe(1);
    expect(await failures()).toMatchObject([{ jobs: 1, errors: 1 }]);
    expect(await db.rows('select message from rollout_errors')).toEqual([{ message: 'second' }]);
    expect(await finish([tried])).toBe(0);
  });

  it('a retried job counts by its last attempt only', async () => {
    const tried = stamp();
    await openJobs(db.pool, [{ ...tried, lastError: 'first' }]);
    expect(await finish([tried])).toBe(1);
    expect(await openJobs(db.pool, [{ ...tried, lastError: 'late' }])).toBe(0);
    expect(await failures()).toMatchObject([{ jobs: 1, errors: 0 }]);
  });
});
