import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rollout, Stamp } from '../../src/runtime/index.ts';
import { failureOf } from '../../src/runtime/record/parcel/failure.ts';
import { translated } from '../../src/store/db/driver-errors.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
/** No statement may take longer than a quarter of a second. */
const hurried = new URL(db.connectionString);
hurried.searchParams.set('options', '-c statement_timeout=250');
const BY_HAND = { flushMs: 3_600_000, pollMs: 3_600_000, maxStaleMs: 3_600_000, listen: false };

beforeEach(() =>
  db.pool.query('truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_jobs'),
);
afterEach(() =>
  db.pool.query('drop trigger if exists slow on rollout_metrics; drop function if exists slow'),
);

const jobs = async () => {
  const [row] = await db.rows<{ jobs: number | null }>(
    'select sum(total_jobs)::int as jobs from rollout_evidence',
  );
  return row?.jobs ?? 0;
};

/** Each row of an outcome takes this long. */
async function slowRows(milliseconds: number): Promise<void> {
  await db.pool.query(
    `create function slow() returns trigger language plpgsql as
       $$ begin perform pg_sleep(${milliseconds / 1_000}); return new; end $$;
     create trigger slow before insert on rollout_metrics for each row execute function slow()`,
  );
}

function stampOf(rollout: Rollout, subject: string): Stamp {
  const { stamp } = rollout.route('checkout', { subject });
  if (!stamp) throw new Error('no stamp');
  return stamp;
}

describe('a batch that takes longer than a statement may', () => {
  it('a batch that takes longer than a statement may is halved until it fits, and counts once', async () => {
    const rollout = await openRollout({ ...BY_HAND, connectionString: hurried.href });
    const errors = told(rollout, 'error');
    await slowRows(20);
    for (let place = 0; place < 40; place++) {
      rollout.record({ feature: 'checkout', subject: `s${place}`, processor: 'inngest', ok: true });
    }
    rollout.record({ stamp: stampOf(rollout, 'stamped'), ok: true });
    await expect.poll(() => rollout.flush(), { timeout: patience(30_000) }).toBe(true);
    expect(await jobs()).toBe(41);
    expect(errors.length).toBeGreaterThan(0);
    expect(rollout.state()).toMatchObject({ pending: 0, dropped: 0 });
  });

  it('a row held by another session keeps only its own outcome waiting, until the row is free', async () => {
    const rollout = await openRollout({ ...BY_HAND, connectionString: hurried.href, closeMs: 3_000 });
    const stamps = Array.from({ length: 9 }, (_, place) => stampOf(rollout, `s${place}`));
    await expect.poll(() => rollout.flush(), { timeout: patience(30_000) }).toBe(true);
    const holder = await db.client();
    await holder.query('begin');
    await holder.query('select from rollout_jobs where id = $1 for update', [stamps[4]?.id]);
    for (const stamp of stamps) rollout.record({ stamp, ok: true });
    await expect
      .poll(async () => [await rollout.flush(), await jobs()], { timeout: patience(30_000) })
      .toEqual([false, 8]);
    expect(rollout.state()).toMatchObject({ pending: 1, dropped: 0 });
    rollout.record({ feature: 'checkout', subject: 'later', processor: 'inngest', ok: true });
    await rollout.flush();
    expect(await jobs()).toBe(9);
    await holder.query('rollback');
    await expect.poll(() => rollout.flush(), { timeout: patience(30_000) }).toBe(true);
    expect(await jobs()).toBe(10);
  });
});

describe('a batch whose answer was lost, and that is too large when it is sent again', () => {
  const held = async () => {
    const holder = await db.client();
    await holder.query('begin');
    await holder.query('select from rollout_batches for update');
    return holder;
  };

  it.each([true, false])(
    'a batch that was lost and then is too large counts once, even in halves; recorded the first time: %s',
    async (recorded) => {
      await db.pool.query('truncate rollout_batches');
      const proxy = await switchingProxy(hurried.href);
      const rollout = await openRollout({ ...BY_HAND, connectionString: proxy.connectionString });
      const all = (from: number) => {
        for (let place = from; place < from + 8; place++) {
          rollout.record({ feature: 'checkout', subject: `s${place}`, processor: 'inngest', ok: true });
        }
      };
      all(0);
      await expect.poll(() => rollout.flush(), { timeout: patience(30_000) }).toBe(true);
      all(8);
      const lost = recorded
        ? proxy.loseAnswer('rollout_record_outcomes')
        : proxy.silence('rollout_record_outcomes');
      const flushed = rollout.flush();
      await expect.poll(lost, { timeout: patience(30_000) }).toBe(true);
      if (!recorded) await proxy.cut();
      expect(await flushed).toBe(false);
      expect(await jobs()).toBe(recorded ? 16 : 8);
      await proxy.restore();
      // The row that remembers its batches is held, so that it takes longer than a statement may.
      const holder = await held();
      const said = told(rollout, 'error');
      await expect
        .poll(async () => [await rollout.flush(), said.length > 0], { timeout: patience(30_000) })
        .toEqual([false, true]);
      expect(await jobs()).toBe(recorded ? 16 : 8);
      await holder.query('rollback');
      await expect.poll(() => rollout.flush(), { timeout: patience(30_000) }).toBe(true);
      expect(await jobs()).toBe(16);
      expect(rollout.state()).toMatchObject({ pending: 0, dropped: 0 });
    },
  );
});

describe('what an error says of a batch', () => {
  it.each([
    ...['21000', '22003', '22P02', '22021', '23502', '23505', '23514', '44000', '54000', '54023'].map(
      (state) => [state, 'refused'] as const,
    ),
    ...['P0001', 'P0002', 'P0003', 'P0004'].map((state) => [state, 'refused'] as const),
    ...['57014', '25P04', '53100', '53200', '53400'].map((state) => [state, 'too_large'] as const),
    ...[
      '40001',
      '40P01',
      '55P03',
      '42501',
      '25006',
      '42883',
      '42P01',
      '0A000',
      'XX000',
      '58030',
      '38000',
    ].map((state) => [state, 'later'] as const),
    ...['08006', '08P01', '28P01', '3D000', '53300', '57P01', '57P03', '57P05'].map(
      (state) => [state, 'away'] as const,
    ),
  ])('an error with SQLSTATE %s from the server is classified as %s', async (state, failure) => {
    const raised = db.pool.query(`do $$ begin raise exception 'x' using errcode = '${state}'; end $$`);
    await expect(raised).rejects.toSatisfy((error) => failureOf(error) === failure);
    const again = () => db.pool.query(`do $$ begin raise exception 'x' using errcode = '${state}'; end $$`);
    await expect(translated(again)).rejects.toSatisfy((error) => failureOf(error) === failure);
  });

  it('an error of the socket or the driver is classified as away', () => {
    for (const code of ['EPIPE', 'ECONNRESET', 'EBADF', 'ENOENT', undefined]) {
      expect(failureOf(Object.assign(new Error('Query read timeout'), { code }))).toBe('away');
    }
    for (const thrown of [null, undefined, 'x', 7]) expect(failureOf(thrown)).toBe('away');
  });
});

describe('a transaction of the library', () => {
  it('every transaction of the library is a single statement, so that none stays open between round trips', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const begun = [proxy.count('begin'), proxy.count('BEGIN'), proxy.count('commit')];
    const ends = proxy.count('rollout_record_ends');
    const overrides = proxy.count('rollout_record_override');
    const rollout = await openRollout({
      ...{ ...BY_HAND, connectionString: proxy.connectionString, listen: true },
      env: { ROLLOUT_PERCENTAGE: '10' },
    });
    await expect.poll(overrides).toBe(1);
    stampOf(rollout, 'open');
    rollout.record({ stamp: stampOf(rollout, 'ended'), ok: true });
    rollout.record({ feature: 'checkout', subject: 'plain', processor: 'inngest', ok: true });
    expect(await rollout.flush()).toBe(true);
    expect(await jobs()).toBe(2);
    expect([ends(), ...begun.map((count) => count())]).toEqual([1, 0, 0, 0]);
    const [row] = await db.rows(`select triggered_by from rollout_history where action = 'env_override'`);
    expect(row).toEqual({ triggered_by: expect.stringMatching(/^app:/) });
  });
});
