import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { judge } from '../../../src/domain/health/health.ts';
import { trustedRule } from '../../../src/domain/score/rule.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { nextCheckpoint } from '../../../src/domain/verdict/next-checkpoint.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { forgetCheckpoints, keepCheckpoints } from '../../../src/store/score/checkpoints.ts';
import { keepWindows } from '../../../src/store/score/kept-windows.ts';
import { readResumedWindows, SCORE_DAYS, slicesOf } from '../../../src/store/score/windows.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 6 * HOUR;
/** A moment before every checkpoint of the last hour. */
const LONG_AGO = START + HOUR + 60_000;
const asked = [{ feature: 'checkout', epoch: 1, epoch_started_at: new Date(START) }];
const random = seededRandom(8);
const oneOf = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
const SUBJECTS = Array.from({ length: 20 }, (_, n) => ({
  subject: `s${n}`,
  category: oneOf(['', 'small']),
  arm: oneOf(['treatment', 'control'] as const),
}));
const rule = trustedRule();

interface Jobs {
  from: number;
  until: number;
  fails?: number;
}

async function record(count: number, { from, until, fails = 0.01 }: Jobs) {
  const sums = new OutcomeSums();
  for (let i = 0; i < count; i++) {
    sums.add({
      ...{ feature: 'checkout', processor: 'inngest', job_class: '', ...oneOf(SUBJECTS), epoch: 1 },
      ...{ ok: random() >= fails, error: null, duration_ms: null },
      finished_at: from + random() * (until - from),
    });
  }
  await recordOutcomes(db.pool, randomUUID(), sums);
}

async function resumed() {
  const found = (await readResumedWindows(db.pool, asked)).get('checkout');
  if (!found) throw new Error('nothing was read');
  return found;
}

/** What a tick does beside judging. */
async function tick() {
  await keepWindows(db.pool, asked, SCORE_DAYS);
  const found = await resumed();
  const checkpoint = nextCheckpoint(found.windows(), rule, found.standing.next);
  if (typeof checkpoint === 'string') return checkpoint;
  await keepCheckpoints(db.pool, [{ standing: found.standing, checkpoint }]);
  return 'made';
}

async function expectSameJudgement(): Promise<void> {
  const now = Date.now() / 1_000;
  const whole = (await slicesOf(db.pool, asked)).get('checkout');
  const judged = judge(evidenceOf((await resumed()).windows()), now);
  expect(judged.needsAllWindows).toBe(false);
  expect(whole).toBeDefined();
  if (whole) expect(judged.judgement).toEqual(judge(whole(), now).judgement);
}

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout');
});

beforeEach(async () => {
  await db.pool.query(`truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_evidence_hours,
    rollout_jobs, rollout_opened_jobs, rollout_score_windows, rollout_score_checkpoints, rollout_quarantine`);
  await record(2_000, { from: START, until: Date.now() });
  expect(await tick()).toBe('made');
});

describe('a stored checkpoint', () => {
  it('the next reading goes on from the checkpoint with a few windows, and judges the same', async () => {
    const { windows, standing } = await resumed();
    expect(standing.until?.getTime()).toBe(standing.next * 1_000);
    expect(windows().windows.length).toBeLessThan(40);
    await expectSameJudgement();
    expect(await tick()).toBe('keep');
  });

  it('jobs that are recorded for the time after a checkpoint are judged with it', async () => {
    const { standing } = await resumed();
    await record(200, { from: standing.next * 1_000, until: Date.now() });
    expect((await resumed()).standing.until).not.toBeNull();
    await expectSameJudgement();
  });

  it('failures after a checkpoint that take the score over its limit ask for all windows', async () => {
    const { standing } = await resumed();
    await record(200, { from: standing.next * 1_000, until: Date.now(), fails: 0.9 });
    const judged = judge(evidenceOf((await resumed()).windows()), Date.now() / 1_000);
    expect(judged.needsAllWindows).toBe(true);
  });

  it.each([
    ['a job is recorded for the time before it', () => record(1, { from: LONG_AGO, until: LONG_AGO + 1 })],
    [
      'a job is heard of that was routed before it',
      () =>
        openJobs(db.pool, [
          {
            ...{ id: 'late', feature: 'checkout', epoch: 1, job_class: '', processor: 'inngest' },
            ...{ subject: 's1', category: '', arm: 'treatment' as const, routed_at: LONG_AGO },
          },
        ]),
    ],
    [
      'a list changes',
      () => db.pool.query(`update rollout_configuration set target_repositories = '{s1,s2}'`),
    ],
    [
      'a subject goes into quarantine',
      () =>
        db.pool.query(`insert into rollout_quarantine (feature_name, subject_id, reason, epoch, began_by, jobs, failed)
          values ('checkout', 's4', 'fails', 1, 'test', 3, 3)`),
    ],
    ['SQL edits it', () => db.pool.query(`update rollout_score_checkpoints set state = '{}'`)],
    [
      'another version wrote it',
      () => db.pool.query(`update rollout_score_checkpoints set digest = md5('0 ' || state)`),
    ],
    ['it is forgotten', () => forgetCheckpoints(db.pool, ['checkout'])],
  ])('a checkpoint does not hold any more when %s, and the next tick makes it again', async (_, happens) => {
    await happens();
    const { windows, standing } = await resumed();
    expect(standing.until).toBeNull();
    expect(windows().checkpoint).toBeNull();
    await expectSameJudgement();
    expect(await tick()).toBe('made');
    expect((await resumed()).standing.until).not.toBeNull();
    await expectSameJudgement();
    await db.pool.query(`update rollout_configuration set target_repositories = '{}'`);
  });

  it('a checkpoint holds for its epoch alone', async () => {
    const other = await readResumedWindows(db.pool, [{ ...(asked[0] as (typeof asked)[0]), epoch: 2 }]);
    expect(other.get('checkout')?.standing.until).toBeNull();
    const later = { feature: 'checkout', epoch: 1, epoch_started_at: new Date(START + HOUR) };
    expect((await readResumedWindows(db.pool, [later])).get('checkout')?.standing.until).toBeNull();
  });
});
