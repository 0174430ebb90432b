import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { openJobs, recordEnds } from '../../../src/store/outcomes/jobs.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { keepWindows } from '../../../src/store/score/kept-windows.ts';
import { readWindows, SCORE_DAYS } from '../../../src/store/score/windows.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Math.floor(Date.now() / HOUR) * HOUR - 6 * HOUR;
const FEATURES = ['checkout', 'search'];
const asked = FEATURES.map((feature) => ({ feature, epoch: 2, epoch_started_at: new Date(START) }));
const random = seededRandom(5);
const oneOf = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
const SUBJECTS = Array.from({ length: 20 }, (_, n) => ({
  subject: `s${n}`,
  category: oneOf(['', 'small', 'a, b']),
  arm: oneOf(['treatment', 'control'] as const),
}));

async function record(count: number, from: number, until: number, epoch = 2, feature = oneOf(FEATURES)) {
  const sums = new OutcomeSums();
  for (let i = 0; i < count; i++) {
    const who = oneOf(SUBJECTS);
    sums.add({
      ...{ feature, processor: oneOf(['inngest', 'github_actions']), job_class: '', ...who, epoch },
      ...(epoch === 1 ? { arm: 'control' as const } : {}),
      ...{
        ok: random() < 0.8,
        error: null,
        duration_ms: null,
        finished_at: from + random() * (until - from),
      },
    });
  }
  await recordOutcomes(db.pool, randomUUID(), sums);
}

let stamps = 0;
const stamp = (routed_at: number, feature = oneOf(FEATURES)) => ({
  ...{
    id: `k${stamps++}`,
    feature,
    epoch: 2,
    job_class: '',
    processor: 'inngest',
    ...oneOf(SUBJECTS),
    routed_at,
  },
});

const keep = () => keepWindows(db.pool, asked, SCORE_DAYS);
const kept = async () =>
  (await db.rows<{ n: number }>('select count(*)::int as n from rollout_score_windows'))[0]?.n;

async function windows() {
  const read = await readWindows(db.pool, asked, SCORE_DAYS);
  return FEATURES.map((feature) => read.get(feature)?.().windows ?? []);
}

/** What is read with what is kept is what outcomes by subject say. */
async function expectSame(): Promise<void> {
  const found = await windows();
  const aside = await db.pool.connect();
  try {
    await aside.query('begin');
    await aside.query('delete from rollout_score_windows');
    await aside.query('delete from rollout_pasts');
    const read = await readWindows(aside, asked, SCORE_DAYS);
    const right = FEATURES.map((feature) => read.get(feature)?.().windows ?? []);
    expect(right.flat().length).toBeGreaterThan(20);
    expect(rounded(found)).toEqual(rounded(right));
  } finally {
    await aside.query('rollback');
    aside.release();
  }
}

/** Sums of floating point numbers depend on their order in the last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part) => (typeof part === 'number' ? Number(part.toFixed(9)) : part));

beforeAll(async () => {
  for (const feature of FEATURES) await applyFeature(db.pool, feature);
  await db.pool.query('update rollout_configuration set epoch = 2');
});

beforeEach(async () => {
  await db.pool.query(`truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_jobs, rollout_opened_jobs,
    rollout_score_windows, rollout_pasts, rollout_past_subjects, rollout_quarantine`);
  await record(300, START - 20 * HOUR, START, 1, 'checkout');
  for (let i = 0; i < 4; i++) await record(100, START, START + 4 * HOUR);
});

describe('windows that are kept', () => {
  it('kept windows are read instead of the outcomes by subject', async () => {
    await keep();
    const before = await windows();
    await db.pool.query('delete from rollout_metrics');
    expect(await windows()).toEqual(before);
  });

  it('kept windows agree with the outcomes, whatever is recorded, routed and ended afterwards', async () => {
    for (let round = 0; round < 6; round++) {
      await record(60, START, START + 6 * HOUR);
      const opened = Array.from({ length: 20 }, () => stamp(START + random() * 6 * HOUR));
      if (round % 2 === 0) await openJobs(db.pool, opened);
      if (round === 3) await keep();
      await expectSame();
      await keep();
      const ends = opened.slice(0, 10).map((one) => ({
        stamp: one,
        outcome: {
          ...one,
          ok: random() < 0.5,
          duration_ms: 10,
          error: null,
          finished_at: one.routed_at + HOUR,
        },
      }));
      await recordEnds(db.pool, randomUUID(), ends);
      await expectSame();
    }
    expect(await kept()).toBeGreaterThan(20);
  });

  it('kept windows count a job that was routed long ago and is heard of only now', async () => {
    await keep();
    const late = { ...stamp(START + HOUR, 'checkout'), subject: 'newcomer', arm: 'treatment' as const };
    const before = (await windows()).flat().reduce((sum, { begun }) => sum + begun, 0);
    await openJobs(db.pool, [late]);
    expect((await windows()).flat().reduce((sum, { begun }) => sum + begun, 0)).toBe(before + 1);
    await expectSame();
  });

  it.each([
    [
      'a list changes',
      `update rollout_configuration set target_repositories = '{s1,s2}', excluded_repositories = '{s3}'`,
    ],
    [
      'a subject goes into quarantine',
      `insert into rollout_quarantine (feature_name, subject_id, reason, epoch, began_by, jobs, failed)
       select 'checkout', s, 'fails', 2, 'test', 3, 3 from unnest('{s4,s5,s6}'::text[]) s`,
    ],
  ])('kept windows are computed again when %s', async (_, change) => {
    await keep();
    const before = await windows();
    await db.pool.query(change);
    expect(await windows()).not.toEqual(before);
    await expectSame();
    await keep();
    await expectSame();
  });

  it('kept windows keep the comparison with the week before the epoch as it was at its first judgement', async () => {
    await keep();
    const [row] = await db.rows<{ mean: number }>(
      `select mean from rollout_pasts where feature_name = 'checkout'`,
    );
    expect(row?.mean).toBeGreaterThan(0.05);
    await expectSame();
    const before = await windows();
    await record(50, START - 10 * HOUR, START - HOUR, 1, 'checkout');
    expect(await windows()).toEqual(before);
  });

  it('kept windows are deleted with their outcomes, and the past of an epoch with the epoch', async () => {
    await keep();
    await db.pool.query(`update rollout_configuration set epoch = 3`);
    await db.pool.query(`update rollout_score_windows set bucket_start = bucket_start - interval '100 days'`);
    await db.pool.query('select * from rollout_maintain()');
    expect(await kept()).toBe(0);
    expect(
      await db.rows('select 1 from rollout_pasts union all select 1 from rollout_past_subjects'),
    ).toEqual([]);
  });
});
