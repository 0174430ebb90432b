import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorClass } from '../../../src/domain/evidence/error-class.ts';
import { passTime } from '../../../src/store/db/pass-time.ts';
import { recordEvent } from '../../../src/store/outcomes/events.ts';
import { openJobs, recordEnds, timeOutJobs } from '../../../src/store/outcomes/jobs.ts';
import { recordJobs, recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const HOUR = 3_600_000;

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout', { percentage: 100 });
  await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage: 100 });
});
beforeEach(() =>
  db.pool.query('truncate rollout_error_classes, rollout_errors, rollout_batches, rollout_jobs'),
);

interface Said {
  message: string;
  count?: number;
  arm?: 'treatment' | 'control';
  hoursAgo?: number;
}

/** Failures of no place, with what they said. */
function say(...said: Said[]): Promise<boolean> {
  const errors = said.map(({ message, count = 1, arm = 'treatment', hoursAgo = 0 }) => ({
    ...{ feature: 'checkout', processor: 'inngest', arm, message, occurrences: count },
    last_at: Date.now() - hoursAgo * HOUR,
  }));
  return recordOutcomes(db.pool, randomUUID(), { sums: [], errors });
}

const kept = () =>
  db.rows<{ class: string; arm: string; failed: number }>(
    `select class, arm, sum(n)::int as failed from rollout_error_classes, unnest(hours) n group by 1, 2 order by 1, 2`,
  );

describe('the class of an error in SQL', () => {
  it('is the one of TypeScript, for every text', async () => {
    const word = fc.constantFrom(
      ...[
        'Error',
        'TypeError',
        'java.net.',
        'Exception',
        'Timeout',
        ' [',
        ']',
        ': ',
        ':',
        ' ',
        '\n',
        'ECONNREFUSED',
        '_ERR_',
        'ERR_X',
      ],
      ...[
        'timed out',
        'HTTP',
        'status code ',
        'Status=',
        '503',
        '23505',
        '1234567',
        'é',
        '😀',
        '$',
        '.',
        'x'.repeat(61),
        '\u001b',
        'a-b',
      ],
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 8 }).map((words) => words.join('')),
      fc.string({ unit: 'binary', maxLength: 400 }).map((any) => any.replaceAll('\u0000', '')),
    );
    const texts = fc.sample(text, { numRuns: 3_000, seed: 14 });
    const rows = await db.rows<{ said: string; class: string }>(
      `select said, rollout_error_class(said) as class from unnest($1::text[]) said`,
      [texts],
    );
    for (const row of rows)
      expect({ ...row, class: row.class }).toEqual({ said: row.said, class: errorClass(row.said) });
    const classes = new Set(rows.map((row) => row.class));
    expect(classes.size).toBeGreaterThan(20);
    expect(rows.filter((row) => row.class === '').length).toBeGreaterThan(500);
  });
});

describe('classes of errors', () => {
  it('are counted by every way in which outcomes are recorded', async () => {
    const now = Date.now();
    const place = {
      feature: 'checkout',
      subject: 'r1',
      processor: 'inngest',
      epoch: 1,
      job_class: '',
      category: '',
    };
    const stamp = { ...place, arm: 'treatment' as const, routed_at: now - 2 * HOUR };
    await openJobs(db.pool, [
      { ...stamp, id: 'ends' },
      { ...stamp, id: 'late' },
      { ...stamp, id: 'retried', lastError: 'Error [EPIPE]: closed' },
    ]);
    const outcome = { ...stamp, ok: false, duration_ms: null, error: 'RangeError: far', finished_at: now };
    await recordEnds(db.pool, randomUUID(), [{ stamp: { ...stamp, id: 'ends' }, outcome }]);
    await timeOutJobs(db.pool, 'checkout', { inngest: 60 });
    const job = {
      ...place,
      ok: false,
      arm: 'control' as const,
      duration_ms: null,
      finished_at: null,
      id: null,
    };
    await recordJobs(
      db.pool,
      randomUUID(),
      [
        { ...job, error: 'ValueError: bad' },
        { ...job, error: null },
      ],
      {
        skipInvalid: false,
        anySubject: true,
      },
    );
    const metadata = { error: 'pilot answered HTTP 500' };
    await recordEvent(db.pool, { feature: 'pilot', customer: 'r1', event: 'error', metadata });
    await say({ message: 'no idea' });
    expect(await kept()).toEqual([
      { class: '', arm: 'treatment', failed: 1 },
      { class: 'EPIPE', arm: 'treatment', failed: 1 },
      { class: 'HTTP 500', arm: 'treatment', failed: 1 },
      { class: 'RangeError', arm: 'treatment', failed: 1 },
      { class: 'ValueError', arm: 'control', failed: 1 },
      { class: 'timed out', arm: 'treatment', failed: 1 },
    ]);
  });

  it('are at most 50 of a feature and day; those that are known stay, and the rest is one', async () => {
    await say({ message: 'OldError: known' });
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => ({
        message: `Kind${from + n}Error: said`,
        count: n === 3 ? 9 : 1,
      }));
    await Promise.all([say(...many(0, 40)), say(...many(20, 90))]);
    await say(...many(100, 3_000), { message: 'OldError: known', arm: 'control' });
    const all = await kept();
    const classes = new Set(all.map((row) => row.class));
    expect(classes.size).toBeLessThanOrEqual(100);
    expect(classes).toContain('(other classes)');
    expect(all).toContainEqual({ class: 'OldError', arm: 'control', failed: 1 });
    expect(all.reduce((sum, row) => sum + row.failed, 0)).toBe(1 + 40 + 8 + 70 + 8 + 2_900 + 8 + 1);
    const before = all.length;
    await say(...many(5_000, 6_000));
    expect(await kept()).toHaveLength(before);
  });

  it('are counted by the hour, and first and last seen by when they happened', async () => {
    await say(
      { message: 'A_Error: x', hoursAgo: 30, count: 5 },
      { message: 'A_Error: y', hoursAgo: 2, count: 3 },
    );
    await say({ message: 'A_Error: z', hoursAgo: -5 });
    const rows = await db.rows<{ at: Date; n: number }>(
      `select (day::timestamp at time zone 'UTC') + make_interval(hours => place::int - 1) as at, n::int
       from rollout_error_classes, unnest(hours) with ordinality u(n, place) where n > 0 order by 1`,
    );
    const hour = (ago: number) => new Date(Math.floor((Date.now() - ago * HOUR) / HOUR) * HOUR);
    expect(rows).toEqual([
      { at: hour(30), n: 5 },
      { at: hour(2), n: 3 },
      { at: hour(0), n: 1 },
    ]);
    const [seen] = await db.rows<{ first: Date; last: Date }>(
      'select min(first_at) as first, max(last_at) as last from rollout_error_classes',
    );
    expect(Math.abs(Number(seen?.first) - (Date.now() - 30 * HOUR))).toBeLessThan(60_000);
    // A clock that is ahead counts as now.
    expect(Number(seen?.last)).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it('keep their hours where the demo lets time go by', async () => {
    await say({ message: 'A_Error: x', hoursAgo: 1, count: 5 }, { message: 'A_Error: y', count: 3 });
    await say({ message: 'B_Error: x', arm: 'control', count: 2 });
    await passTime(db.pool, 23);
    const rows = await db.rows<{ class: string; ago: number; n: number }>(
      `select class, (extract(epoch from date_bin('1 hour', now(), 'epoch') - (day::timestamp at time zone 'UTC')) / 3600)::int
         - place::int + 1 as ago, n::int
       from rollout_error_classes, unnest(hours) with ordinality u(n, place) where n > 0 order by 1, 2`,
    );
    expect(rows).toEqual([
      { class: 'A_Error', ago: 23, n: 3 },
      { class: 'A_Error', ago: 24, n: 5 },
      { class: 'B_Error', ago: 23, n: 2 },
    ]);
  });

  it('are forgotten with the outcomes of their day, and hold no subject that is erased', async () => {
    await say({ message: 'A_Error [acme]: x', hoursAgo: 24 * 40 }, { message: 'A_Error [acme]: x' });
    await db.pool.query('select rollout_maintain(30)');
    expect(await kept()).toEqual([{ class: 'A_Error acme', arm: 'treatment', failed: 1 }]);
    // Its id and its name become one alias, so two classes become one.
    await say({ message: 'A_Error [acme-name]: x', count: 2 });
    await db.pool.query(`select rollout_forget('acme', '{acme-name}', 'asked for', 'tester')`);
    const erased = await kept();
    expect(erased).toHaveLength(1);
    expect(erased[0]?.failed).toBe(3);
    expect(JSON.stringify(erased)).not.toContain('acme');
    expect(
      await db.rows(`select message, occurrences::int from rollout_errors where message like '%acme%'`),
    ).toEqual([]);
  });
});
