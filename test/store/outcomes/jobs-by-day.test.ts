import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { maintain } from '../../../src/store/db/maintenance.ts';
import { openJobs, recordEnds, type Stamp, timeOutJobs } from '../../../src/store/outcomes/jobs.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const DAY = 86_400_000;

beforeAll(() => applyFeature(db.pool, 'checkout', { percentage: 100 }));
beforeEach(() =>
  db.pool.query('truncate rollout_jobs, rollout_opened_jobs, rollout_evidence, rollout_metrics'),
);

function stampOf(daysAgo: number, rest: Partial<Stamp> = {}): Stamp {
  return {
    ...{ id: randomUUID(), feature: 'checkout', subject: 'r1', epoch: 1, arm: 'treatment', category: '' },
    ...{ processor: 'inngest', job_class: '', routed_at: Date.now() - daysAgo * DAY },
    ...rest,
  };
}

const end = (stamp: Stamp, ok = true) =>
  recordEnds(db.pool, randomUUID(), [
    { stamp, outcome: { ...stamp, ok, duration_ms: 5, error: null, finished_at: Date.now() } },
  ]);

/** In which table each job lies; `day` is the number of days from today. */
const places = () =>
  db.rows<{ place: string; state: string }>(
    `select case when tableoid::regclass::text ~ '_[0-9]{8}$' then 'day ' || day - (now() at time zone 'UTC')::date
       else tableoid::regclass::text end as place, state from rollout_jobs order by 1, 2`,
  );

/** A partition for a day that is past, as the days before it had one. */
const partitionOf = (daysAgo: number) =>
  db.pool.query(`select rollout_create_partitions((now() at time zone 'UTC')::date - $1::integer, 1)`, [
    daysAgo,
  ]);

const ended = (daysAgo: number, ...stamps: Stamp[]) =>
  db.pool.query(
    `update rollout_jobs set state = 'finished', ended_at = now() - make_interval(days => $1) where id = any ($2)`,
    [daysAgo, stamps.map(({ id }) => id)],
  );

describe('a routed job', () => {
  it('a routed job is stored in the day of its stamp and counts once, however often it is opened and ended', async () => {
    const stamps = [stampOf(0), stampOf(1), stampOf(40)];
    expect(await openJobs(db.pool, stamps)).toBe(3);
    expect(await openJobs(db.pool, stamps)).toBe(0);
    for (const stamp of stamps) expect([await end(stamp), await end(stamp)]).toEqual([1, 0]);
    expect(await openJobs(db.pool, stamps)).toBe(0);
    expect(await places()).toEqual([
      { place: 'day -1', state: 'finished' },
      { place: 'day 0', state: 'finished' },
      { place: 'rollout_jobs_default', state: 'finished' },
    ]);
  });

  it('a routed job counts once when the clock that routed it is days ahead', async () => {
    const ahead = stampOf(-3);
    expect(await openJobs(db.pool, [ahead])).toBe(1);
    expect(await db.rows('select routed_at <= now() as past from rollout_jobs')).toEqual([{ past: true }]);
    expect([await end(ahead), await end(ahead)]).toEqual([1, 0]);
    expect(await timeOutJobs(db.pool, 'checkout', { inngest: 0 })).toBe(0);
  });

  it('the opening of a routed job that has already ended does not open it', async () => {
    const stamp = stampOf(0);
    expect(await end(stamp)).toBe(1);
    expect(await openJobs(db.pool, [{ ...stamp, lastError: 'again' }])).toBe(0);
    expect(await places()).toEqual([{ place: 'day 0', state: 'finished' }]);
  });

  it('a routed job ends once when many connections end it and time it out', async () => {
    const stamps = Array.from({ length: 20 }, (_, n) => stampOf(n % 3));
    await openJobs(db.pool, stamps);
    const ends = stamps.map((stamp) => ({
      stamp,
      outcome: { ...stamp, ok: true, duration_ms: 5, error: null, finished_at: Date.now() },
    }));
    const counted = await Promise.all([
      ...Array.from({ length: 6 }, (_, n) =>
        recordEnds(db.pool, randomUUID(), n % 2 ? ends : [...ends].reverse()),
      ),
      timeOutJobs(db.pool, 'checkout', { inngest: 0 }),
    ]);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(20);
    expect(await db.rows('select sum(total_jobs)::int as jobs from rollout_evidence')).toEqual([
      { jobs: 20 },
    ]);
  });
});

describe('a day of routed jobs', () => {
  it('a day of routed jobs is dropped after eight days; its open and recently ended jobs are kept and count once', async () => {
    const [long, late, done, recent] = [stampOf(9), stampOf(9), stampOf(9), stampOf(1)];
    await partitionOf(9);
    await openJobs(db.pool, [long, late, done, recent]);
    await ended(8, done);
    await ended(2, late);
    const opened = await db.rows('select sum(jobs)::int as jobs from rollout_opened_jobs');
    expect(await maintain(db.pool)).toMatchObject({ dropped: 1, forgotten: 0 });
    expect(await places()).toEqual([
      { place: 'day -1', state: 'open' },
      { place: 'rollout_jobs_default', state: 'finished' },
      { place: 'rollout_jobs_default', state: 'open' },
    ]);
    expect(await db.rows('select sum(jobs)::int as jobs from rollout_opened_jobs')).toEqual(opened);
    expect([await end(late), await end(long), await end(long)]).toEqual([0, 1, 0]);
  });

  it('a day of routed jobs stays for seven days after it is over', async () => {
    await partitionOf(7);
    const stamp = stampOf(7);
    await end(stamp);
    await ended(7, stamp);
    expect(await maintain(db.pool)).toMatchObject({ dropped: 0 });
    expect(await places()).toEqual([{ place: 'day -7', state: 'finished' }]);
  });

  it('a day of routed jobs stays while a hundred thousand of its jobs are open', async () => {
    await partitionOf(9);
    await db.pool.query(
      `insert into rollout_jobs (id, day, feature_name, subject_id, epoch, arm, processor_type, routed_at)
       select n, (now() at time zone 'UTC')::date - 9, 'checkout', 'r1', 1, 'fallback', 'p', now() - interval '9 days'
       from generate_series(1, 100000) n`,
    );
    expect(await maintain(db.pool)).toMatchObject({ dropped: 0 });
    await ended(8, { ...stampOf(9), id: '1' });
    expect(await maintain(db.pool)).toMatchObject({ dropped: 1 });
    expect(await db.rows('select count(*)::int as jobs from rollout_jobs_default')).toEqual([
      { jobs: 99_999 },
    ]);
  });

  it('a day of routed jobs has row-level security and no rights of its own', async () => {
    const rows = await db.rows<{ secure: boolean; rights: string | null }>(
      `select c.relrowsecurity as secure, (
         select string_agg(a.grantee::regrole::text, ' ') from aclexplode(c.relacl) a where a.grantee <> c.relowner) as rights
       from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'rollout_jobs'::regclass`,
    );
    expect(rows.length).toBeGreaterThan(9);
    expect(new Set(rows.map(({ secure, rights }) => `${secure} ${rights}`))).toEqual(new Set(['true null']));
  });
});

it('expired ids of outcomes and jobs without a stamp are deleted in parts until none is left', async () => {
  await db.pool.query(
    `insert into rollout_outcome_ids (feature_name, id, recorded_at)
     select 'checkout', n, now() - interval '31 days' from generate_series(1, 45000) n`,
  );
  await db.pool.query(
    `insert into rollout_outcome_ids (feature_name, id) values ('checkout', 'young');
     insert into rollout_jobs (id, day, feature_name, subject_id, epoch, arm, processor_type, routed_at, state, ended_at)
     select 'checkout' || chr(31) || n, '1970-01-01', 'checkout', 'r1', 1, 'control', 'p', now(), 'finished',
       now() - make_interval(days => n) from generate_series(6, 9) n`,
  );
  expect(await maintain(db.pool)).toMatchObject({ forgotten: 45_000 + 3, put_off: false });
  expect(await db.rows('select id from rollout_outcome_ids')).toEqual([{ id: 'young' }]);
  expect(await places()).toEqual([{ place: 'rollout_jobs_dateless', state: 'finished' }]);
});
