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
  it('a customer’s enabled event counts at the next count, an error at once, and other events never', async () => {
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

  it('a customer’s event has the time that the caller gives, and never one in the future', async () => {
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

  it('a late error of a customer counts once in the current window, and an error of an older epoch never', async () => {
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

  it('an error of a customer counts whatever it said, with characters that no database stores replaced', async () => {
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

  it('a customer’s error turns a success into a failure once, before and after it was counted', async () => {
    for (const customer of ['c1', 'c2', 'c3']) await event(customer, 'enabled');
    await event('c1', 'error');
    await countCustomers(db.pool, 'pilot');
    for (const customer of ['c1', 'c2', 'c2']) await event(customer, 'error');
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([3, 2]);
  });

  it('events of customers that are disabled or not admitted do not count', async () => {
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

  it('events of customers count once, however many processes record and count them at once', async () => {
    const customers = Array.from({ length: 20 }, (_, n) => `c${n}`);
    await Promise.all(customers.map((customer) => event(customer, 'enabled')));
    await Promise.all([
      ...customers.slice(0, 5).flatMap((customer) => [event(customer, 'error'), event(customer, 'error')]),
      ...Array.from({ length: 5 }, () => countCustomers(db.pool, 'pilot')),
    ]);
    await countCustomers(db.pool, 'pilot');
    expect(await counted()).toEqual([20, 5]);
  });

  it('a customer’s error in a previous epoch does not fail the next epoch', async () => {
    await event('c1', 'enabled');
    await event('c1', 'error');
    await db.pool.query(
      `update rollout_configuration set epoch = 2, epoch_started_at = now(), step_started_at = now()`,
    );
    await countCustomers(db.pool, 'pilot');
    expect(await counted(2)).toEqual([1, 0]);
  });

  it('the error texts of customers are kept', async () => {
    await event('c1', 'error', { error: 'boom' });
    await event('c2', 'error', { error: 'boom' });
    expect(await db.rows('select processor_type, message, occurrences::int from rollout_errors')).toEqual([
      { processor_type: 'pilot', message: 'boom', occurrences: 2 },
    ]);
  });

  it('an event is refused for an unknown or repository feature and for an unknown kind', async () => {
    await applyFeature(db.pool, 'capture');
    for (const feature of ['nothing', 'capture']) {
      await expect(
        recordEvent(db.pool, { feature, customer: 'c1', event: 'enabled', metadata: {} }),
      ).rejects.toMatchObject({ code: 'unknown_feature', message: expect.stringContaining(feature) });
    }
    await expect(event('c1', 'exploded' as EventKind)).rejects.toThrow(/check constraint/);
    expect(await db.rows('select from rollout_events')).toEqual([]);
  });

  it('rollout_recorder may record customers’ events through the function only', async () => {
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
