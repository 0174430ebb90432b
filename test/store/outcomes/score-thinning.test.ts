import { beforeEach, describe, expect, it } from 'vitest';
import { maintain } from '../../../src/store/db/maintenance.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';
import { type Increment, levelsOf, score } from './score.ts';

const QUARTER = 900;
const DAY = 86_400;
/** Two days and an hour ago, at the beginning of a quarter of an hour. */
const START = Math.floor(Date.now() / 1_000 / QUARTER) * QUARTER - 2 * DAY - 3_600;

let db: TestDatabase;
let jobs = 0;

/** A flush of some jobs, each of a subject of its own; one in ten fails. */
function flush(heardAt: number, count: number, rest: Partial<Increment> = {}): Promise<void> {
  const lines = Array.from({ length: count }, (): Increment => {
    jobs += 1;
    return { subject: `s${jobs}`, category: 'small', began: 1, failed: jobs % 10 === 0 ? 1 : 0, ...rest };
  });
  const control = { subject: '', category: 'small', treatment: false, began: count, failed: 1 };
  return score(db.pool, 'checkout', heardAt, [...lines, control]);
}

/** An hour with many jobs two days ago, so that slices are short, and a flush of today, which folds them for good. */
beforeEach(async () => {
  db = await testDatabase();
  await db.rows(
    `insert into rollout_configuration (feature_name, max_error_rate, epoch_started_at) values ('checkout', 5, to_timestamp($1))`,
    [START],
  );
  for (let at = 0; at < 3_600; at += 60) await flush(START + at, 60);
  // Nothing fails any more, so every run begins anew.
  for (let at = 0; at < 10; at++) await flush(Date.now() / 1_000 - 3_600 + at * 60, 500, { failed: 0 });
  await flush(Date.now() / 1_000, 5, { failed: 0 });
  await db.rows(`select rollout_fold('checkout')`);
});

const of = (condition: string) =>
  db.rows<{ scope: string; quarter: number; slices: number }>(
    `select scope, (floor(extract(epoch from started_at) / ${QUARTER}) - ${START / QUARTER})::int as quarter,
       count(*)::int as slices, sum(spans)::int as spans, sum(jobs)::int as jobs, sum(opened)::int as opened,
       sum(finished)::int as finished, sum(failed)::int as failed, sum(failed_spans)::int as failed_spans,
       sum(control_jobs)::int as control_jobs, sum(control_failed)::int as control_failed, max(peak) as peak,
       round(sum(gain[1])::numeric, 9)::float8 as gain1, round(sum(gain[5])::numeric, 9)::float8 as gain5
     from rollout_slices where ${condition} group by 1, 2 order by 1, 2`,
  );

const OLD = `started_at < now() - interval '1 day'`;

/** What each run counts. */
const runs = () =>
  db.rows(
    `select v.scope, v.kind, k.place, r.* from rollout_levels v
     cross join lateral unnest(v.run_slices) with ordinality k(run, place)
     cross join lateral rollout_counts_since(v.feature_name, v.epoch, v.scope, k.run) r order by 1, 2, 3`,
  );

describe('slices that are older than a day', () => {
  it('slices older than a day become one per quarter of an hour and lose no span, job, failure or gain', async () => {
    const [before, young] = [await of(OLD), await of(`not ${OLD}`)];
    expect(before.map(({ scope, quarter }) => `${scope} ${quarter}`)).toEqual(
      ['all', 'category:small'].flatMap((scope) => [0, 1, 2, 3].map((quarter) => `${scope} ${quarter}`)),
    );
    expect(before.filter(({ slices }) => slices > 5).length).toBeGreaterThan(2);
    await db.rows(`delete from rollout_spans where touched_at < now() - interval '1 day'`);
    const [levels, counted] = [await levelsOf(db.pool, 'checkout'), await runs()];
    await maintain(db.pool, { keepDays: 90 });
    expect(await of(OLD)).toEqual(before.map((row) => ({ ...row, slices: 1 })));
    expect(await of(`not ${OLD}`)).toEqual(young);
    expect(await runs()).toEqual(counted);
    await db.rows(`select rollout_fold('checkout')`);
    expect(await levelsOf(db.pool, 'checkout')).toEqual(levels);
    expect(await db.rows(`select max(weight) <= 1 as bounded from rollout_slices`)).toEqual([
      { bounded: true },
    ]);
  });

  it('old slices stay apart where a run began between them', async () => {
    const [{ slice } = { slice: 0 }] = await db.rows<{ slice: number }>(
      `select slice from rollout_slices where scope = 'all' order by slice offset 3 limit 1`,
    );
    await db.rows(`delete from rollout_spans where touched_at < now() - interval '1 day'`);
    await db.rows(
      `update rollout_levels set run_slices[1] = ${slice} where scope = 'all' and kind = 'limit'`,
    );
    const counted = await runs();
    await maintain(db.pool, { keepDays: 90 });
    expect((await of(`${OLD} and scope = 'all'`)).map(({ slices }) => slices)).toEqual([1, 2, 1, 1]);
    expect(await runs()).toEqual(counted);
  });

  it('old slices stay while one of their jobs still runs', async () => {
    const before = await of(OLD);
    await db.rows(
      `insert into rollout_spans (feature_name, epoch, subject_id, started_at, category, slice, category_slice, jobs, failed, open,
         touched_at) values ('checkout', 1, 'late', to_timestamp($1), 'small', 1, 1, 1, 0, 1, now())`,
      [START],
    );
    await maintain(db.pool, { keepDays: 90 });
    expect(await of(OLD)).toEqual(before);
  });

  it('thinning old slices waits for the next time while another session folds', async () => {
    const before = await of(OLD);
    const other = await db.client();
    await other.query(`begin; select pg_advisory_xact_lock(hashtextextended('rollout fold checkout', 0))`);
    await maintain(db.pool, { keepDays: 90 });
    expect(await of(OLD)).toEqual(before);
    await other.query('rollback');
  });
});
