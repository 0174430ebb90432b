import { beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '../../../src/domain/originals/pilot.ts';
import { readEvidence } from '../../../src/store/health/evidence.ts';
import { countCustomers, readCustomerEvents, recordEvent } from '../../../src/store/outcomes/events.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { applyFeature, memberOf } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage: 100 });
});

const event = (customer: string, kind: EventKind, metadata: object = {}) =>
  recordEvent(db.pool, { feature: 'pilot', customer, event: kind, metadata });

const of = (customer: string) => ({ feature: 'pilot', customer, metadata: {} });

/** Outcomes and failures as health reads them, and the same sums of the windows and of single customers. */
async function counted(epoch = 1): Promise<[number, number]> {
  const rows = await readEvidence(db.pool, 'pilot', epoch);
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  const sums: [number, number] = [sum(({ jobs }) => jobs), sum(({ errors }) => errors)];
  for (const table of ['rollout_evidence', 'rollout_evidence_hours', 'rollout_metrics']) {
    const [row] = await db.rows(
      `select coalesce(sum(total_jobs), 0)::int as jobs, coalesce(sum(error_count), 0)::int as errors from ${table}
       where feature_name = 'pilot' and epoch = $1`,
      [epoch],
    );
    expect([table, row?.jobs, row?.errors]).toEqual([table, ...sums]);
  }
  return sums;
}

describe('events of customers', () => {
  it('become outcomes: enabled with the next count, an error at once, the others never', async () => {
    await event('c1', 'enabled');
    await event('c2', 'disabled');
    await event('c3', 'rollback');
    expect(await counted()).toEqual([0, 0]);
    await event('c4', 'error');
    expect(await counted()).toEqual([1, 1]);
    await countCustomers(db.pool, 'pilot');
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([2, 1]);
  });

  it('have the time that the caller gives, and never one in the future', async () => {
    const at = new Date(Date.now() - 3_600_000);
    await recordEvent(db.pool, { ...of('c1'), event: 'enabled', at });
    await recordEvent(db.pool, { ...of('c2'), event: 'enabled', at: new Date(Date.now() + 86_400_000) });
    const rows = await db.rows<{ at: Date; future: boolean }>(
      `select "timestamp" as at, "timestamp" > now() as future from rollout_events order by customer_id`,
    );
    expect(rows).toEqual([
      { at, future: false },
      { at: expect.any(Date), future: false },
    ]);
  });

  it('count an error that is received late once, in the present window, and none of an older epoch', async () => {
    await backdate(
      db,
      `epoch_started_at = now() - interval '3 days', step_started_at = now() - interval '3 days'`,
    );
    const late = { ...of('c1'), event: 'error', at: new Date(Date.now() - 2 * 86_400_000) } as const;
    await recordEvent(db.pool, late);
    await recordEvent(db.pool, late);
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([1, 1]);
    await recordEvent(db.pool, { ...late, customer: 'c2', at: new Date(Date.now() - 4 * 86_400_000) });
    expect(await counted()).toEqual([1, 1]);
  });

  it('count whatever an error said: what no database takes is kept as a sign of it', async () => {
    const said = { error: 'half \ud83e and none \0', '\0 of \ud83e': 'C:\\u0000', whole: '\u{1f991}' };
    await event('c1', 'error', said);
    expect(await counted()).toEqual([1, 1]);
    const rows = await db.rows('select metadata from rollout_events');
    expect(rows).toEqual([
      {
        metadata: {
          ...{ error: 'half \ufffd and none \ufffd', '\ufffd of \ufffd': 'C:\\u0000', whole: '\u{1f991}' },
        },
      },
    ]);
  });

  it('turn a success into a failure once, before and after it was counted', async () => {
    for (const customer of ['c1', 'c2', 'c3']) await event(customer, 'enabled');
    await event('c1', 'error');
    await countCustomers(db.pool, 'pilot');
    for (const customer of ['c1', 'c2', 'c2']) await event(customer, 'error');
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([3, 2]);
  });

  it('do not count for customers that the feature was disabled for, or that it does not admit', async () => {
    await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage: 100, blacklist: ['out'] });
    await event('gone', 'enabled');
    await event('gone', 'disabled');
    await event('out', 'enabled');
    await event('out', 'error');
    await event('in', 'enabled');
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([1, 0]);
    expect(await readCustomerEvents(db.pool, 'pilot')).toEqual({
      ...{ customers: 1, failed: 0 },
      events: { enabled: 3, disabled: 1, error: 1, rollback: 0 },
    });
  });

  it('count once however many processes hear of them at the same moment', async () => {
    const customers = Array.from({ length: 20 }, (_, n) => `c${n}`);
    await Promise.all(customers.map((customer) => event(customer, 'enabled')));
    await Promise.all([
      ...customers.slice(0, 5).flatMap((customer) => [event(customer, 'error'), event(customer, 'error')]),
      ...Array.from({ length: 5 }, () => countCustomers(db.pool, 'pilot')),
    ]);
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([20, 5]);
  });

  it('of an epoch that is over do not fail the one that follows', async () => {
    await event('c1', 'enabled');
    await event('c1', 'error');
    await db.pool.query(
      `update rollout_configuration set epoch = 2, epoch_started_at = now(), step_started_at = now()`,
    );
    await countCustomers(db.pool, 'pilot');
    expect(await counted(2)).toEqual([1, 0]);
  });

  it('keep what errors said', async () => {
    await event('c1', 'error', { error: 'boom' });
    await event('c2', 'error', { error: 'boom' });
    expect(await db.rows('select processor_type, message, occurrences::int from rollout_errors')).toEqual([
      { processor_type: 'pilot', message: 'boom', occurrences: 2 },
    ]);
  });

  it('are refused for what is no feature of customers, and for what is no event', async () => {
    await applyFeature(db.pool, 'capture');
    for (const feature of ['nothing', 'capture']) {
      await expect(
        recordEvent(db.pool, { feature, customer: 'c1', event: 'enabled', metadata: {} }),
      ).rejects.toMatchObject({ code: 'unknown_feature', message: expect.stringContaining(feature) });
    }
    await expect(event('c1', 'exploded' as EventKind)).rejects.toThrow(/check constraint/);
    expect(await db.rows('select from rollout_events')).toEqual([]);
  });

  it('may be recorded by the role rollout_recorder, through the function alone', async () => {
    const recorder = await memberOf(db, 'rollout_recorder');
    await recordEvent(recorder, { feature: 'pilot', customer: 'c1', event: 'error', metadata: {} });
    expect(await counted()).toEqual([1, 1]);
    const denied = /permission denied/;
    await expect(
      recorder.query(
        `insert into rollout_events (feature_name, customer_id, event) values ('pilot', 'c1', 'error')`,
      ),
    ).rejects.toThrow(denied);
    await expect(recorder.query(`select rollout_count_customers('pilot')`)).rejects.toThrow(denied);
    const reader = await memberOf(db, 'rollout_reader');
    await expect(reader.query(`select rollout_record_event('pilot', 'c1', 'error')`)).rejects.toThrow(denied);
  });
});
