import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countOpenJobs, finishJobs, openJobs, type Stamp, timeOutJobs } from '../../src/store/jobs.ts';
import { testDatabase } from '../helpers/database.ts';
import { applyFeature } from '../helpers/features.ts';

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

const hourAgo = () => Date.now() - 3_600_000;
const timeOut = () => timeOutJobs(db.pool, 'checkout', TIMEOUTS);
const failures = () =>
  db.rows(
    `select arm, epoch, processor_type as processor, category, job_class, total_jobs as jobs, error_count as errors
     from rollout_evidence`,
  );

beforeAll(() => applyFeature(db.pool, 'checkout', { percentage: 10 }));
beforeEach(() =>
  db.pool.query(
    'truncate rollout_jobs, rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors',
  ),
);

describe('a routed job that never finishes', () => {
  it('counts as one failure, in the arm and epoch of its routing, however many ticks look', async () => {
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

  it('is open until then, with the age of the oldest', async () => {
    const oldest = hourAgo();
    await openJobs(db.pool, [stamp({ routed_at: oldest }), stamp(), stamp({ processor: 'github_actions' })]);
    expect(await countOpenJobs(db.pool, 'checkout')).toMatchObject([
      { processor: 'github_actions', open: 1 },
      { processor: 'inngest', arm: 'treatment', open: 2, oldest: new Date(oldest) },
    ]);
    await timeOut();
    expect(await countOpenJobs(db.pool)).toMatchObject([{ open: 1 }, { open: 1 }]);
  });

  it('is not corrected by a finish after the timeout', async () => {
    const late = stamp({ routed_at: hourAgo() });
    await openJobs(db.pool, [late]);
    await timeOut();
    expect(await finishJobs(db.pool, [late])).toEqual(new Set());
    expect(await openJobs(db.pool, [late])).toBe(0);
    expect(await timeOut()).toBe(0);
  });

  it('was routed now at the latest, whatever its clock says', async () => {
    await openJobs(db.pool, [stamp({ routed_at: Date.now() + 3_600_000 })]);
    expect(await db.rows(`select routed_at <= now() as past from rollout_jobs`)).toEqual([{ past: true }]);
  });
});

describe('a finish', () => {
  it('counts once, whoever reports it', async () => {
    const one = stamp({ routed_at: hourAgo() });
    expect(await openJobs(db.pool, [one, one])).toBe(1);
    const reports = await Promise.all(Array.from({ length: 5 }, () => finishJobs(db.pool, [one, one])));
    expect(reports.map((ids) => ids.size).sort()).toEqual([0, 0, 0, 0, 1]);
    expect(await timeOut()).toBe(0);
    expect(await countOpenJobs(db.pool)).toEqual([]);
  });

  it('before its opening was flushed leaves a tombstone, so that the opening never times out', async () => {
    const quick = stamp({ routed_at: hourAgo() });
    expect(await finishJobs(db.pool, [quick])).toEqual(new Set([quick.id]));
    expect(await openJobs(db.pool, [quick])).toBe(0);
    expect(await timeOut()).toBe(0);
    expect(await failures()).toEqual([]);
  });

  it('that is under way keeps the job from timing out, and is not waited for', async () => {
    const racing = stamp({ routed_at: hourAgo() });
    await openJobs(db.pool, [racing]);
    const client = await db.client();
    await client.query('begin');
    expect(await finishJobs(client, [racing])).toEqual(new Set([racing.id]));
    expect(await timeOut()).toBe(0);
    await client.query('commit');
    expect(await timeOut()).toBe(0);
  });
});
