import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { judgeByThreshold } from '../../../src/domain/health/health.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { countStepJobs, readEvidence } from '../../../src/store/health/evidence.ts';
import { readSpeed } from '../../../src/store/health/speed.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const QUARTER = 900_000;
/** Start of a quarter of an hour, a while ago. */
const START = Math.floor(Date.now() / QUARTER) * QUARTER - 4 * QUARTER;

async function record(...outcomes: Partial<Outcome>[]): Promise<void> {
  const sums = new OutcomeSums();
  for (const one of outcomes) {
    sums.add({
      ...{
        feature: 'checkout',
        subject: 'r1',
        processor: 'inngest',
        arm: 'treatment',
        epoch: 1,
        job_class: '',
      },
      ...{ category: 'small', ok: true, duration_ms: 100, error: null, finished_at: START },
      ...one,
    } as Outcome);
  }
  await recordOutcomes(db.pool, randomUUID(), sums);
}

beforeAll(async () => {
  for (const feature of ['checkout', 'random', 'steps', 'speed']) await applyFeature(db.pool, feature);
});

describe('evidence', () => {
  it('evidence is read per feature and epoch, in aligned quarters of an hour, both arms by category', async () => {
    await record(
      { finished_at: START },
      { finished_at: START + 14 * 60_000, ok: false },
      { finished_at: START + 5 * 60_000, arm: 'control', processor: 'github_actions', ok: false },
      { finished_at: START + 5 * 60_000, arm: 'fallback', ok: false },
      { finished_at: START + QUARTER, category: '' },
      { finished_at: START, epoch: 2, ok: false },
      { finished_at: START, feature: 'steps' },
    );
    await record({ finished_at: START }); // a later flush of the same window
    const minute = START / 60_000;
    expect(await readEvidence(db.pool, 'checkout', 1)).toEqual([
      { minute, category: 'small', jobs: 3, errors: 1, controlJobs: 1, controlErrors: 1 },
      { minute: minute + 15, category: '', jobs: 1, errors: 0, controlJobs: 0, controlErrors: 0 },
    ]);
    expect(await readEvidence(db.pool, 'checkout', 2)).toMatchObject([{ jobs: 1, errors: 1 }]);
    expect(await readEvidence(db.pool, 'checkout', 3)).toEqual([]);
    expect(await readEvidence(db.pool, 'nobody', 1)).toEqual([]);
  });

  it('evidence goes back 30 days', async () => {
    const days = (count: number) => Date.now() - count * 86_400_000;
    await record({ epoch: 5, finished_at: days(29) }, { epoch: 5, finished_at: days(31) });
    expect(await readEvidence(db.pool, 'checkout', 5)).toHaveLength(1);
  });

  it('the coarse evidence equals the fine one, whatever was recorded, and so does its judgement', async () => {
    const random = seededRandom(7);
    const oneOf = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
    for (let flush = 0; flush < 5; flush++) {
      const outcomes = Array.from({ length: 400 }, () => ({
        feature: 'random',
        subject: `s${Math.floor(random() * 30)}`,
        processor: oneOf(['inngest', 'github_actions']),
        arm: oneOf(['treatment', 'control', 'fallback'] as const),
        category: oneOf(['', 'small', 'large']),
        job_class: oneOf(['', 'bulk']),
        ok: random() < 0.9,
        finished_at: Date.now() - Math.floor(random() * 6 * 3_600_000),
      }));
      await record(...outcomes);
    }
    const finer = await db.rows(
      `select (extract(epoch from date_bin('15 minutes', window_start, 'epoch')) / 60)::int as minute, category,
         coalesce(sum(total_jobs) filter (where arm = 'treatment'), 0)::int as jobs,
         coalesce(sum(error_count) filter (where arm = 'treatment'), 0)::int as errors,
         coalesce(sum(total_jobs) filter (where arm = 'control'), 0)::int as "controlJobs",
         coalesce(sum(error_count) filter (where arm = 'control'), 0)::int as "controlErrors"
       from rollout_evidence where feature_name = 'random' and arm <> 'fallback' group by 1, 2 order by 1, 2`,
    );
    const read = await readEvidence(db.pool, 'random', 1);
    const sorted = [...read].sort((a, b) => a.minute - b.minute || (a.category < b.category ? -1 : 1));
    expect(sorted).toEqual(finer);
    expect(judgeByThreshold(read)).toEqual(judgeByThreshold(finer as never));
  });
});

describe('the jobs of a step', () => {
  it('the jobs of a step are those of the treatment arm since the window in which the step began', async () => {
    const since = new Date(START + 7 * 60_000);
    await record(
      { feature: 'steps', finished_at: START + 4 * 60_000 },
      { feature: 'steps', finished_at: START + 6 * 60_000, ok: false },
      { feature: 'steps', finished_at: START + 20 * 60_000 },
      { feature: 'steps', finished_at: START + 20 * 60_000, arm: 'control' },
      { feature: 'steps', finished_at: START + 20 * 60_000, epoch: 2 },
    );
    expect(await countStepJobs(db.pool, 'steps', 1, since)).toEqual({ jobs: 2, errors: 1 });
  });
});

describe('speed', () => {
  it('speed is compared with control, or with earlier steps where a processor has no control', async () => {
    const since = new Date(START + 10 * 60_000);
    const [before, now] = [START, START + 15 * 60_000];
    await record(
      { feature: 'speed', finished_at: before, duration_ms: 100 },
      { feature: 'speed', finished_at: now, duration_ms: 300 },
      { feature: 'speed', finished_at: now, duration_ms: null },
      { feature: 'speed', finished_at: now, processor: 'github_actions', duration_ms: 400 },
      { feature: 'speed', finished_at: before, processor: 'github_actions', duration_ms: 900 },
      { feature: 'speed', finished_at: now, processor: 'github_actions', duration_ms: 200, arm: 'control' },
      { feature: 'speed', finished_at: now, processor: 'alone', duration_ms: 200 },
    );
    expect(await readSpeed(db.pool, 'speed', 1, since)).toEqual([
      {
        ...{ processor: 'github_actions', job_class: '', jobs: 1, mean_ms: 400 },
        ...{ baseline_jobs: 1, baseline_ms: 200, baseline: 'control' },
      },
      {
        ...{ processor: 'inngest', job_class: '', jobs: 1, mean_ms: 300 },
        ...{ baseline_jobs: 1, baseline_ms: 100, baseline: 'before' },
      },
    ]);
  });
});
