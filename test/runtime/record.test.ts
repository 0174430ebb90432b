import { beforeEach, describe, expect, it } from 'vitest';
import type { JobEnd, Rollout, Stamp } from '../../src/runtime/index.ts';
import { timeOutJobs } from '../../src/store/outcomes/jobs.ts';
import { backdate } from '../helpers/data/backdated.ts';
import { applyFeature, importRows, memberOf, repository } from '../helpers/data/features.ts';
import { cuttingProxy } from '../helpers/database/cutting-proxy.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

const db = await testDatabase();
await importRows(db.pool, [repository('r1', { star_count: 0 }), repository('r2', { star_count: 40 })]);
await applyFeature(db.pool, 'checkout', { percentage: 100, blacklist: ['out'] });

/** Flushes come when a test says so. */
const BY_HAND = { connectionString: db.connectionString, flushMs: 3_600_000 };

beforeEach(() =>
  db.pool.query(
    `truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_evidence_hours, rollout_errors,
       rollout_batches, rollout_jobs`,
  ),
);

const sums = () =>
  db.rows(
    `select subject_id as subject, processor_type as processor, arm, epoch, job_class as class, category,
       sum(total_jobs)::int as jobs, sum(error_count)::int as errors, sum(processing_ms)::int as ms
     from rollout_metrics group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3`,
  );

/** Jobs and errors by each of the tables that hold them. */
const counts = async () => {
  const [row] = await db.rows<Record<'metrics' | 'evidence' | 'buckets' | 'hours' | 'errors', number>>(
    `select (select sum(total_jobs)::int from rollout_metrics) as metrics,
       (select sum(total_jobs)::int from rollout_evidence) as evidence,
       (select sum(jobs + control_jobs)::int from rollout_evidence_buckets) as buckets,
       (select sum(total_jobs)::int from rollout_evidence_hours) as hours,
       (select sum(error_count)::int from rollout_evidence) as errors`,
  );
  return row;
};

const end = (subject: string, ok = true) => ({ feature: 'checkout', subject, processor: 'inngest', ok });

function stampOf(rollout: Rollout, subject = 'r1'): Stamp {
  const { stamp } = rollout.route('checkout', { subject });
  if (!stamp) throw new Error('no stamp');
  return stamp;
}

describe('outcomes without a stamp', () => {
  it('outcomes without a stamp count in the current arm, epoch and category, with their times and texts', async () => {
    const rollout = await openRollout(BY_HAND);
    rollout.record({ ...end('r1'), durationMs: 40 });
    rollout.record({
      ...end('r1', false),
      durationMs: 2,
      error: new Error('postgres://me:secret@host refused'),
    });
    rollout.record({ ...end('out'), durationMs: Number.NaN });
    rollout.record(end('stranger'));
    expect(rollout.state().pending).toBe(3);
    expect(await rollout.flush()).toBe(true);
    const place = { processor: 'inngest', epoch: 1, class: '', errors: 0, ms: 0, jobs: 1, category: '' };
    expect(await sums()).toEqual([
      { ...place, subject: 'out', arm: 'control' },
      { ...place, subject: 'r1', arm: 'treatment', category: 'test', jobs: 2, errors: 1, ms: 42 },
      { ...place, subject: 'stranger', arm: 'treatment' },
    ]);
    expect(await db.rows(`select message, occurrences::int from rollout_errors`)).toEqual([
      { message: 'postgres://me:***@host refused', occurrences: 1 },
    ]);
    expect(rollout.state()).toMatchObject({ pending: 0, dropped: 0 });
  });

  it('outcomes are flushed by the clock, and early when there are many', async () => {
    const rollout = await openRollout({ connectionString: db.connectionString, flushMs: 50 });
    rollout.record(end('r1'));
    await expect.poll(counts).toMatchObject({ metrics: 1 });
    const patient = await openRollout(BY_HAND);
    for (let place = 0; place < 6_000; place++) patient.record(end(`many-${place}`));
    await expect.poll(async () => (await counts())?.metrics).toBeGreaterThan(5_000);
    await patient.close();
    expect(await counts()).toEqual({
      metrics: 6_001,
      evidence: 6_001,
      buckets: 6_001,
      hours: 6_001,
      errors: 0,
    });
  });
});

describe('the end of a routed job', () => {
  it('a routed job counts where it was routed, even in another process after the feature has changed', async () => {
    const here = await openRollout(BY_HAND);
    const there = await openRollout(BY_HAND);
    const stamp = JSON.parse(JSON.stringify(stampOf(here))) as Stamp;
    await here.flush();
    expect(await db.rows(`select subject_id, state, category from rollout_jobs`)).toEqual([
      { subject_id: 'r1', state: 'open', category: 'test' },
    ]);
    await db.pool.query(
      `update rollout_configuration set is_active = false, epoch = 7 where feature_name = 'checkout'`,
    );
    await expect.poll(() => there.isEligible('checkout', 'r1')).toBe(false);
    there.record({ stamp, ok: false, error: 'late' });
    await there.flush();
    expect(await sums()).toMatchObject([
      { arm: 'treatment', epoch: 1, class: 'realtime', category: 'test', jobs: 1, errors: 1 },
    ]);
    expect(await db.rows(`select state from rollout_jobs`)).toEqual([{ state: 'finished' }]);
    await backdate(db, `is_active = true, epoch = 1 where feature_name = 'checkout'`);
  });

  it('a routed job that began and ended here between two flushes leaves only its count', async () => {
    const rollout = await openRollout(BY_HAND);
    const stamp = stampOf(rollout);
    rollout.record({ stamp, ok: true, elsewhere: false });
    rollout.record({ stamp, ok: false, elsewhere: false });
    await rollout.flush();
    expect(await counts()).toMatchObject({ metrics: 1, errors: 0 });
    expect(await db.rows(`select from rollout_jobs`)).toEqual([]);
  });

  it('a job that began between two flushes and ends in two processes counts once', async () => {
    const [one, two] = [await openRollout(BY_HAND), await openRollout(BY_HAND)];
    const stamp = stampOf(one);
    for (const rollout of [one, two, one]) rollout.record({ stamp, ok: true, durationMs: 3 });
    await Promise.all([one.flush(), two.flush()]);
    two.record({ stamp, ok: false });
    await two.flush();
    expect(await counts()).toEqual({ metrics: 1, evidence: 1, buckets: 1, hours: 1, errors: 0 });
    expect(await db.rows(`select state, category from rollout_jobs`)).toEqual([
      { state: 'finished', category: 'test' },
    ]);
  });

  it('a routed job counts once, whoever reports it again, before or after its opening is known', async () => {
    const [one, two] = [await openRollout(BY_HAND), await openRollout(BY_HAND)];
    const stamp = stampOf(one);
    two.record({ stamp, ok: true });
    await two.flush();
    await one.flush();
    one.record({ stamp, ok: false });
    two.record({ stamp, ok: false });
    await Promise.all([one.flush(), two.flush()]);
    expect(await counts()).toMatchObject({ metrics: 1, errors: 0 });
    expect(await db.rows(`select state from rollout_jobs`)).toEqual([{ state: 'finished' }]);
  });

  it('a job that ends after the timeout is one failure, even if no tick has seen it yet', async () => {
    const rollout = await openRollout(BY_HAND);
    const stamp = stampOf(rollout);
    const late = { ...stamp, id: 'late', routed_at: stamp.routed_at - 901_000 };
    const quick = { ...stamp, id: 'quick', routed_at: stamp.routed_at - 800_000 };
    rollout.record({ stamp: late, ok: true, durationMs: 7 });
    rollout.record({ stamp: quick, ok: true, durationMs: 7 });
    expect(await rollout.flush()).toBe(true);
    expect(await sums()).toEqual([expect.objectContaining({ jobs: 2, errors: 1, ms: 7 })]);
    expect(await db.rows(`select message from rollout_errors`)).toEqual([{ message: 'timed out' }]);
  });

  it('an end after the timeout corrects nothing, whether the tick or this process saw the timeout', async () => {
    let moved = 0;
    const rollout = await openRollout({ ...BY_HAND, now: () => performance.now() + moved, maxStaleMs: 1e9 });
    const [known, fresh] = [stampOf(rollout, 'known'), stampOf(rollout, 'fresh-1')];
    rollout.record({ stamp: fresh, ok: true });
    await rollout.flush();
    await db.pool.query(`update rollout_jobs set routed_at = now() - interval '1 hour' where id = $1`, [
      known.id,
    ]);
    expect(await timeOutJobs(db.pool, 'checkout', { inngest: 900 })).toBe(1);
    const slow = stampOf(rollout, 'slow');
    moved += 901_000;
    rollout.record({ stamp: known, ok: true });
    rollout.record({ stamp: slow, ok: true });
    await rollout.flush();
    expect(await sums()).toMatchObject([
      { subject: 'fresh-1', jobs: 1, errors: 0 },
      { subject: 'known', jobs: 1, errors: 1 },
      { subject: 'slow', jobs: 1, errors: 1 },
    ]);
    expect(await db.rows(`select distinct message from rollout_errors`)).toEqual([{ message: 'timed out' }]);
  });

  it('a job that enqueuing may have lost is left to the database, where the first end counts', async () => {
    const [one, two] = [await openRollout(BY_HAND), await openRollout(BY_HAND)];
    const stamp = stampOf(one);
    one.record({ stamp, ok: false, error: 'no answer' });
    await one.flush();
    two.record({ stamp, ok: true });
    await two.flush();
    expect(await counts()).toMatchObject({ metrics: 1, errors: 1 });
  });
});

describe('a flush', () => {
  it.each([
    ['of sums', 'rollout_record_outcomes', (rollout: Rollout) => rollout.record(end('r1'))],
    [
      'of ends',
      'rollout_record_ends',
      (rollout: Rollout, stamp: Stamp) => rollout.record({ stamp, ok: true }),
    ],
  ])('a flush %s whose answer is lost counts once', async (_, statement, act) => {
    const stamp = stampOf(await openRollout(BY_HAND));
    const proxy = await cuttingProxy(db.connectionString, statement, 2);
    const rollout = await openRollout({
      ...BY_HAND,
      connectionString: proxy.connectionString,
      listen: false,
      closeMs: 60_000,
    });
    act(rollout, stamp);
    expect(await rollout.flush()).toBe(true);
    expect(proxy.cut()).toBe(2);
    expect(await counts()).toMatchObject({ metrics: 1, evidence: 1, buckets: 1, hours: 1 });
  });

  it('a flush after an hour without the database counts everything once', async () => {
    let moved = 0;
    const proxy = await switchingProxy(db.connectionString);
    const rollout = await openRollout({
      ...{ connectionString: proxy.connectionString, flushMs: 20, pollMs: 20, maxStaleMs: 1e9 },
      now: () => performance.now() + moved,
    });
    rollout.record(end('r1'));
    await expect.poll(counts).toMatchObject({ metrics: 1 });
    // The database's clock goes on as this one does: windows of an hour, the last of them now.
    await proxy.cut();
    const errors = told(rollout, 'error');
    for (let minute = 0; minute < 60; minute++) {
      moved += 60_000;
      for (let job = 0; job < 100; job++) rollout.record(end(`r${job % 10}`, job % 10 !== 0));
    }
    await expect.poll(() => errors.length).toBeGreaterThan(3);
    // Ten subjects and thirteen windows, however many jobs.
    expect(rollout.state().pending).toBeLessThanOrEqual(131);
    await proxy.restore();
    await expect.poll(() => rollout.state().pending).toBe(0);
    expect(await counts()).toEqual({
      metrics: 6_001,
      evidence: 6_001,
      buckets: 6_001,
      hours: 6_001,
      errors: 600,
    });
    expect(rollout.state().dropped).toBe(0);
  });

  it('the library keeps at most maxPending outcomes, counts what it drops, and drops nothing below that', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const rollout = await openRollout({
      ...BY_HAND,
      connectionString: proxy.connectionString,
      maxPending: 100,
    });
    await proxy.cut();
    for (let place = 0; place < 130; place++) rollout.record(end(`s${place}`));
    // Who has a sum already is counted on: it needs no room.
    for (let place = 0; place < 130; place++) rollout.record(end(`s${place % 100}`));
    expect(rollout.state()).toMatchObject({ pending: 100, dropped: 30 });
    const stamp = stampOf(rollout);
    rollout.record({ stamp, ok: true });
    expect(rollout.state()).toMatchObject({ pending: 100, dropped: 31 });
    await proxy.restore();
    expect(await rollout.flush()).toBe(true);
    expect(await counts()).toMatchObject({ metrics: 230 });
    rollout.record(end('s129'));
    expect(rollout.state()).toMatchObject({ pending: 1, dropped: 31 });
  });

  it('a flush isolates the one outcome that the database refuses and records all others', async () => {
    const rollout = await openRollout(BY_HAND);
    const errors = told(rollout, 'error');
    for (let place = 0; place < 40; place++) rollout.record(end(`s${place}`));
    for (const [place, feature] of ['checkout', 'never_was', 'checkout'].entries()) {
      rollout.record({ stamp: { ...stampOf(rollout), id: `job-${place}`, feature }, ok: true });
    }
    expect(await rollout.flush()).toBe(true);
    expect(await counts()).toMatchObject({ metrics: 42 });
    expect(rollout.state()).toMatchObject({ pending: 0, dropped: 1 });
    expect(errors.map(({ message }) => message)).toContain("there is no feature 'never_was'");
  });

  it('a flush that the role may not do is reported and retried', async () => {
    const reader = await memberOf(db, 'rollout_reader');
    const rollout = await openRollout({ pool: reader, flushMs: 3_600_000, listen: false, closeMs: 200 });
    const errors = told(rollout, 'error');
    rollout.record(end('r1'));
    expect(await rollout.flush()).toBe(false);
    expect(errors[0]).toMatchObject({ code: 'database_refused' });
    expect(rollout.state()).toMatchObject({ pending: 1, dropped: 0 });
    await rollout.close();
    expect(rollout.state()).toMatchObject({ pending: 0, dropped: 1 });
  });

  it('a flush needs only the rights of rollout_recorder', async () => {
    const recorder = await memberOf(db, 'rollout_recorder');
    const rollout = await openRollout({ pool: recorder, flushMs: 3_600_000 });
    rollout.record({ stamp: stampOf(rollout), ok: true });
    rollout.record(end('r2'));
    stampOf(rollout);
    expect(await rollout.flush()).toBe(true);
    expect(await counts()).toMatchObject({ metrics: 2 });
    await rollout.close();
  });
});

describe('an attempt after which another one follows', () => {
  it('an attempt with willRetry leaves the job open, and the last attempt counts in whatever process it ends', async () => {
    const [one, two] = [await openRollout(BY_HAND), await openRollout(BY_HAND)];
    const stamp = stampOf(one);
    one.record({ stamp, ok: false, error: 'no answer', willRetry: true });
    await one.flush();
    expect(await db.rows('select state, last_error, category from rollout_jobs')).toEqual([
      { state: 'open', last_error: 'no answer', category: 'test' },
    ]);
    two.record({ stamp, ok: false, error: 'still none', willRetry: true });
    two.record({ stamp, ok: true });
    await two.flush();
    one.record({ stamp, ok: false, willRetry: true });
    await one.flush();
    expect(await counts()).toMatchObject({ metrics: 1, errors: 0 });
    expect(await db.rows('select state from rollout_jobs')).toEqual([{ state: 'finished' }]);
  });

  it('an attempt with willRetry that nothing follows is a failure after the timeout, with its own error', async () => {
    const rollout = await openRollout(BY_HAND);
    const stamp = stampOf(rollout);
    rollout.record({ stamp, ok: false, error: 'no answer', willRetry: true });
    await rollout.flush();
    await db.pool.query(`update rollout_jobs set routed_at = now() - interval '1 hour'`);
    expect(await timeOutJobs(db.pool, 'checkout', { inngest: 900 })).toBe(1);
    rollout.record({ stamp, ok: true });
    await rollout.flush();
    expect(await counts()).toMatchObject({ metrics: 1, errors: 1 });
    expect(await db.rows('select message from rollout_errors')).toEqual([{ message: 'no answer' }]);
  });

  it('the timeout of a retried job runs from its routing, not from its last attempt', async () => {
    const rollout = await openRollout(BY_HAND);
    const stamp = stampOf(rollout);
    const old = { ...stamp, id: 'old', routed_at: stamp.routed_at - 901_000 };
    rollout.record({ stamp: old, ok: false, willRetry: true });
    rollout.record({ stamp: old, ok: true, elsewhere: false });
    await rollout.flush();
    expect(await counts()).toMatchObject({ metrics: 1, errors: 1 });
  });

  it('willRetry is refused with the reason where it makes no sense', async () => {
    const lines: string[] = [];
    const rollout = await openRollout({ ...BY_HAND, log: (line) => lines.push(line) });
    const stamp = stampOf(rollout);
    rollout.record({ stamp, ok: false, retry: true } as unknown as JobEnd);
    rollout.record({ ...end('r1', false), willRetry: true } as unknown as JobEnd);
    rollout.record({ stamp, ok: true, willRetry: true });
    rollout.record({ stamp, ok: false, willRetry: 'yes' } as unknown as JobEnd);
    expect(rollout.state().dropped).toBe(4);
    expect(lines.map((line) => line.replace('rollout: ', ''))).toEqual([
      '`retry` is not a field of record; write `willRetry: true` where another attempt follows',
      'record was given `willRetry: true` without a stamp, by which the last attempt could be known',
      'record was given `ok: true` with `willRetry: true`; a job that ended well is not tried again',
      'record was given a `willRetry` that is neither true nor false',
    ]);
  });
});

describe('before the first snapshot', () => {
  it('outcomes before the first snapshot are kept and count with its arms once it is there', async () => {
    const proxy = await switchingProxy(db.connectionString);
    await proxy.cut();
    const rollout = await openRollout({
      ...{ ...BY_HAND, connectionString: proxy.connectionString, startMs: 10, pollMs: 20, maxPending: 3 },
    });
    const stamp = stampOf(await openRollout(BY_HAND));
    const mine = { ...end('out', false), error: 'no answer' };
    rollout.record(mine);
    // The host may use its object again.
    mine.ok = true;
    rollout.record({ stamp, ok: true });
    rollout.record({ ...end('r1'), feature: 'never_was' });
    rollout.record(end('r2'));
    expect(rollout.state()).toMatchObject({ status: 'starting', pending: 3, dropped: 1 });
    await proxy.restore();
    await expect.poll(() => rollout.state().status, { timeout: patience(20_000) }).toBe('ready');
    expect(rollout.state()).toMatchObject({ pending: 2, dropped: 2 });
    expect(await rollout.flush()).toBe(true);
    expect(await sums()).toMatchObject([
      { subject: 'out', arm: 'control', jobs: 1, errors: 1 },
      { subject: 'r1', arm: 'treatment', jobs: 1, errors: 0 },
    ]);
  });

  it('a flush waits for the first snapshot, and a close without one counts its outcomes as dropped', async () => {
    const proxy = await switchingProxy(db.connectionString);
    await proxy.cut();
    const options = { ...BY_HAND, connectionString: proxy.connectionString, startMs: 10, pollMs: 20 };
    const [rollout, lost] = [
      await openRollout({ ...options, closeMs: 60_000 }),
      await openRollout({ ...options, closeMs: 10 }),
    ];
    rollout.record(end('r1'));
    lost.record(end('r1'));
    await lost.close();
    expect(lost.state()).toMatchObject({ pending: 0, dropped: 1 });
    const flushed = rollout.flush();
    await proxy.restore();
    expect(await flushed).toBe(true);
    expect(await counts()).toMatchObject({ metrics: 1 });
  });
});

describe('close', () => {
  it('closing flushes, ends every decision and may be repeated; later outcomes count as dropped', async () => {
    const rollout = await openRollout(BY_HAND);
    rollout.record(end('r1'));
    await Promise.all([rollout.close(), rollout.close()]);
    expect(await counts()).toMatchObject({ metrics: 1 });
    rollout.record(end('r1'));
    expect(rollout.state()).toMatchObject({ status: 'closed', pending: 0, dropped: 1 });
    expect(rollout.evaluate('checkout', 'r1')).toMatchObject({ eligible: false, reason: 'not_ready' });
  });
});
