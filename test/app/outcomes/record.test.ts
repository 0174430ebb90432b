import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LONGEST_LINE } from '../../../src/app/outcomes/lines.ts';
import { recordStream, WHOLE_LINES } from '../../../src/app/outcomes/record.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const store = createStore(db.pool);
const GOOD = '{"feature":"checkout","subject":"r1","processor":"inngest","ok":true}\n';
const BAD = '{"feature":"checkout","subject":"r1","processor":"inngest","ok":"yes"}\n';

function record(stream: Iterable<string> | AsyncIterable<string> | string, options: object = {}) {
  return recordStream(store, {
    stream: Readable.from(typeof stream === 'string' ? [Buffer.from(stream)] : stream),
    name: 'standard input',
    ...{ skipInvalid: false, anySubject: false, now: () => new Date(), newBatch: randomUUID },
    ...options,
  });
}

const recorded = async () => {
  const [row] = await db.rows<{ jobs: number }>(
    `select coalesce(sum(total_jobs), 0)::int as jobs from rollout_metrics`,
  );
  return row?.jobs;
};

beforeAll(async () => {
  await db.pool.query(`insert into repository_categories (repository_id) values ('r1')`);
  await applyFeature(db.pool, 'checkout', { percentage: 10 });
});
beforeEach(() =>
  db.pool.query('truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_batches'),
);

describe('a stream of outcomes', () => {
  it('a stream of outcomes is recorded, whatever its line ends and wherever it is split', async () => {
    const text = `${GOOD.replace('\n', '\r\n') + GOOD}\n  \n${GOOD.trimEnd()}`;
    const letters = Array.from(text, (letter) => letter);
    expect(await record(letters)).toEqual({
      recorded: 3,
      repeated: 0,
      kept: 0,
      skipped: [],
      skipped_count: 0,
    });
    expect(await record('')).toMatchObject({ recorded: 0 });
    expect(await recorded()).toBe(3);
  });

  it('a stream of outcomes with one bad line is not recorded, and every bad line is reported', async () => {
    const unknown = GOOD.replace('checkout', 'chekout');
    await expect(
      record(`${GOOD + BAD}\n${unknown}${GOOD.replace('r1', 'nobody')}${GOOD}`),
    ).rejects.toMatchObject({
      code: 'record_invalid',
      message: [
        'standard input has 3 bad lines; nothing was recorded:',
        '  line 2: ok is "yes"; it must be true or false, without quotes',
        '  line 4: there is no feature "chekout"; there are checkout',
        '  line 5: no repository is known as "nobody"; import it first, or take any with --any-subject',
      ].join('\n'),
    });
    expect(await recorded()).toBe(0);
  });

  it('a stream of outcomes is recorded without its bad lines when asked', async () => {
    const lines = [
      GOOD,
      BAD,
      GOOD.replace('checkout', 'chekout'),
      GOOD,
      'x'.repeat(LONGEST_LINE + 1),
      '\n',
      GOOD,
    ];
    const report = await record(lines.join(''), { skipInvalid: true });
    expect(report).toMatchObject({ recorded: 3, skipped_count: 3 });
    expect(report.skipped.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(report.skipped[2]?.message).toContain(`longer than ${LONGEST_LINE} characters`);
    expect(await recorded()).toBe(3);
  });

  it('at most 100 bad lines of a stream are listed, with the number of further ones', async () => {
    await expect(record(BAD.repeat(250))).rejects.toMatchObject({
      message: expect.stringMatching(/^standard input has 250 bad lines.*\n {2}and 150 more$/s),
    });
    expect(await record(BAD.repeat(250), { skipInvalid: true })).toMatchObject({ skipped_count: 250 });
  });

  it('an endless stream of outcomes is recorded as it comes when bad lines may be skipped', async () => {
    const seen: (number | undefined)[] = [];
    async function* endless() {
      for (let portion = 0; portion < 5; portion++) {
        yield GOOD.repeat(3);
        // Nothing more is there, so what is must have been recorded before the next is asked for.
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(await recorded());
      }
    }
    const stream = Readable.from(endless(), { highWaterMark: 1 });
    const report = await record([], { skipInvalid: true, stream });
    expect(report.recorded).toBe(15);
    expect(seen.at(-1)).toBeGreaterThan(0);
  });

  it('a stream of outcomes too long to hold is recorded in batches, up to its first bad line', async () => {
    const many = (WHOLE_LINES + 1_000) / 1_000;
    function* long() {
      for (let thousand = 0; thousand < many; thousand++) yield GOOD.repeat(1_000);
      yield GOOD + BAD + GOOD;
      yield GOOD.repeat(1_000);
    }
    await expect(record(long())).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `^standard input has 1 bad line; the ${WHOLE_LINES + 1_000} before them were recorded:\n {2}line ${WHOLE_LINES + 1_002}: ok is`,
        ),
      ),
    });
    expect(await recorded()).toBe(WHOLE_LINES + 1_000);
  });
});
