import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LEAST_TIMED, youthOf } from '../../../src/domain/verdict/young.ts';
import { readWindows } from '../../../src/store/score/windows.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const BEGAN = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000);

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout');
  await db.pool.query('update rollout_configuration set epoch = 2');
  // Jobs that were heard of at their end only.
  await db.pool.query(
    `insert into rollout_slices (feature_name, epoch, scope, slice, started_at, weight, jobs, finished)
     values ('checkout', 2, 'all', 1, now(), 1, 50, 50)`,
  );
});
beforeEach(() => db.pool.query('truncate rollout_evidence_hours'));

interface Hour {
  epoch?: number;
  arm?: 'treatment' | 'control';
  jobs: number;
  errors: number;
  timed: number;
  /** Of all timed jobs together. */
  seconds: number;
}

async function hours(...all: Hour[]): Promise<void> {
  for (const { epoch = 2, arm = 'treatment', jobs, errors, timed, seconds } of all) {
    await db.pool.query(
      `insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, total_jobs, error_count,
         timed_jobs, processing_ms)
       values ('checkout', $1, date_bin('1 hour', now(), 'epoch'), $2, 'inngest', $3, $4, $5, $6)`,
      [epoch, arm, jobs, errors, timed, seconds * 1_000],
    );
  }
}

/** Seconds for which an epoch is young, by the tick and by the fuse. */
async function youth(): Promise<{ tick: number; fuse: number }> {
  const asked = [{ feature: 'checkout', epoch: 2, epoch_started_at: BEGAN }];
  const read = (await readWindows(db.pool, asked)).get('checkout')?.();
  const young = youthOf(
    0,
    read?.durations ?? { timed: 0, meanSeconds: 0 },
    { begun: 0, finished: 1 },
    read?.timeless ?? true,
  );
  let [low, high] = [0, 100_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await db.rows<{ young: boolean }>(
      `select rollout_is_young('checkout', 2, '', (select epoch_started_at from rollout_configuration) + make_interval(secs => $1)) as young`,
      [middle],
    );
    if (row?.young) low = middle;
    else high = middle;
  }
  return { tick: Math.ceil(young?.until ?? 0), fuse: high };
}

const FAST = { jobs: 100, errors: 100, timed: 100, seconds: 1_000 };

describe('how long an epoch is young', () => {
  it.each<[string, Hour[], number]>([
    ['where nothing was ever timed', [{ jobs: 50, errors: 50, timed: 0, seconds: 0 }], 900],
    ['where only failures have ended', [FAST], 10_800],
    [
      'where control shows how long a success takes',
      [FAST, { arm: 'control', jobs: 50, errors: 0, timed: 50, seconds: 50_000 }],
      3_100,
    ],
    ['where an earlier epoch failed as fast, and says nothing', [{ ...FAST, epoch: 1 }, FAST], 10_800],
    ['where failures are not timed', [{ jobs: 80, errors: 40, timed: 40, seconds: 40_000 }], 3_100],
    [
      'where successes of its own are known',
      [{ jobs: 140, errors: 100, timed: 140, seconds: 40_000 }],
      3_100,
    ],
    ['where a few are a guess', [{ jobs: 110, errors: 100, timed: 110, seconds: 100 }], 900],
  ])('tick and fuse agree how long an epoch is young %s', async (_, rows, seconds) => {
    await hours(...rows);
    expect(await youth()).toEqual({ tick: seconds, fuse: seconds });
    expect(LEAST_TIMED).toBe(30);
  });
});
