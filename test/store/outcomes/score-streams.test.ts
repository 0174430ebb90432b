import { beforeAll, describe, expect, it } from 'vitest';
import { costs } from '../../../src/domain/score/factor.ts';
import { firstLevels, fold, scoreOf } from '../../../src/domain/score/levels.ts';
import { extend, noRuns } from '../../../src/domain/score/run.ts';
import { logFactorOf, type StoredSlice } from '../../../src/domain/score/stored-slice.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { patience } from '../../helpers/run/pace.ts';
import { type Increment, levelsOf, type StoredLevels, score, slicesOf } from './score.ts';

const STREAMS = 1_000;
/** Processes of one stream, each on a connection of its own and in the order of its own flushes. */
const PROCESSES = 3;
const FLUSHES = 3;
const CATEGORIES = ['small', 'large', ''];

interface Flush {
  heardAt: number;
  lines: Increment[];
}

interface Stream {
  feature: string;
  /** Percent. */
  limit: number;
  /** By process. */
  flushes: Flush[][];
}

const db = await testDatabase();
const streams = Array.from({ length: STREAMS }, (_, seed) => streamOf(seed + 1));

/** Jobs of a few subjects: some end in the flush in which they began, some run on, a share of them fails. */
function streamOf(seed: number): Stream {
  const random = seededRandom(seed);
  const pick = (most: number) => Math.floor(random() * most);
  const subjects = 1 + pick(12);
  const failing = random() ** 2;
  const pause = [0.4, 4, 60, 700][pick(4)] ?? 1;
  const flushes = Array.from({ length: PROCESSES }, () => {
    let heardAt = 5_000 * random();
    const running: { subject: string; category: string; beganAt: number }[] = [];
    return Array.from({ length: FLUSHES }, (): Flush => {
      heardAt = Math.round((heardAt + pause * random()) * 1e3) / 1e3;
      const lines: Increment[] = [];
      for (let line = pick(5); line >= 0; line--) {
        const place = pick(subjects);
        const of = { subject: `s${place}`, category: CATEGORIES[place % CATEGORIES.length] ?? '' };
        const began = 1 + pick(4);
        const beganAt = Math.max(0, Math.round((heardAt - 400 * random() ** 4) * 1e3) / 1e3);
        if (random() < 0.2) lines.push({ ...of, treatment: false, began, failed: pick(began + 1) });
        else if (random() < 0.3) {
          lines.push({ ...of, beganAt, began, opened: began });
          for (let job = 0; job < began; job++) running.push({ ...of, beganAt });
        } else
          lines.push({
            ...of,
            beganAt,
            began,
            failed: [...Array(began)].filter(() => random() < failing).length,
          });
      }
      for (const job of running.splice(0, pick(running.length + 1)))
        lines.push({ ...job, closed: 1, failed: random() < failing ? 1 : 0 });
      return { heardAt, lines };
    });
  });
  return { feature: `stream-${seed}`, limit: [0.5, 1, 5, 10, 25][pick(5)] ?? 5, flushes };
}

beforeAll(async () => {
  await db.rows(
    `insert into rollout_configuration (feature_name, max_error_rate, epoch_started_at)
     select f, l, to_timestamp(0) from unnest($1::text[], $2::float8[]) o(f, l)`,
    [streams.map(({ feature }) => feature), streams.map(({ limit }) => limit)],
  );
  // Three streams at a time, so nine connections.
  const waiting = streams.values();
  const lane = async () => {
    for (const { feature, flushes } of waiting) {
      await Promise.all(
        flushes.map(async (own) => {
          for (const { heardAt, lines } of own) await score(db.pool, feature, heardAt, lines);
        }),
      );
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  await db.rows('select rollout_fold(feature_name) from rollout_configuration');
}, patience(300_000));

function sum(lines: Increment[], of: 'began' | 'failed', treatment: boolean): number {
  return lines
    .filter((line) => (line.treatment ?? true) === treatment)
    .reduce((total, line) => total + (line[of] ?? 0), 0);
}

function expectLevels(slices: readonly StoredSlice[], stored: StoredLevels | undefined): void {
  if (!stored) throw new Error('no levels were kept');
  const cost = costs(stored.tolerated);
  let levels = firstLevels();
  let runs = noRuns();
  for (const slice of slices) {
    const folded = { ...slice, logFactor: logFactorOf(slice, cost) };
    levels = fold(levels, folded);
    runs = extend(runs, folded);
  }
  for (const [i, level] of levels.entries()) expect(stored.levels[i]).toBeCloseTo(level, 9);
  for (const [i, page] of runs.levels.entries()) expect(stored.pages[i]).toBeCloseTo(page, 9);
  expect(stored.score).toBeCloseTo(scoreOf(levels), 9);
  // A run that stands at zero but for rounding may have begun anew or not: what it adds up to since then is what counts.
  for (const [i, run] of stored.runs.entries()) {
    const since = slices
      .slice(run - 1)
      .reduce((total, slice) => total + (logFactorOf(slice, cost)[i] ?? 0), 0);
    expect(stored.pages[i]).toBeCloseTo(since, 9);
  }
}

describe(`${STREAMS} streams, each recorded by ${PROCESSES} connections at once`, () => {
  it('concurrently recorded streams lose no job, failure or job of control', async () => {
    for (const { feature, flushes } of streams) {
      const lines = flushes.flat().flatMap((flush) => flush.lines);
      const slices = await slicesOf(db.pool, feature);
      const of = (field: 'jobs' | 'failed') => slices.reduce((total, slice) => total + slice[field], 0);
      expect({ feature, jobs: of('jobs'), failed: of('failed') }).toEqual({
        feature,
        jobs: sum(lines, 'began', true),
        failed: sum(lines, 'failed', true),
      });
    }
    expect(await db.rows('select * from rollout_increments')).toEqual([]);
    expect(await db.rows('select * from rollout_score_faults')).toEqual([]);
  });

  it('concurrently recorded streams have the levels that TypeScript folds, in each scope and for each limit', async () => {
    let compared = 0;
    for (const { feature } of streams) {
      for (const scope of ['all', 'category:small', 'category:large']) {
        const slices = await slicesOf(db.pool, feature, scope);
        if (slices.length === 0) continue;
        const stored = await levelsOf(db.pool, feature, scope);
        for (const kind of ['limit', 'warning', 'critical']) expectLevels(slices, stored.get(kind));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(2 * STREAMS);
  });

  it('concurrently recorded streams leave no negative number of running jobs in their spans', async () => {
    expect(
      await db.rows(
        `select s.* from rollout_spans s where s.feature_name in (
           select feature_name from rollout_spans group by 1 having sum(open) < 0)`,
      ),
    ).toEqual([]);
  });
});

it('no span begins within another one, however far apart the jobs of a flush began', async () => {
  await db.rows(
    `insert into rollout_configuration (feature_name, max_error_rate, epoch_started_at) values ('far', 5, to_timestamp(0))`,
  );
  const job = (beganAt: number, rest: Partial<Increment> = {}): Increment => ({
    subject: 's1',
    category: '',
    beganAt,
    ...rest,
  });
  await score(db.pool, 'far', 4_000, [job(3_706, { began: 3 }), job(3_927, { began: 4, opened: 4 })]);
  // In fives of minutes from 1,150 on a span would begin at 3,850, within that of 3,706.
  await score(db.pool, 'far', 4_060, [
    job(1_150, { began: 2, failed: 1 }),
    job(4_030, { began: 2, failed: 2 }),
  ]);
  await score(db.pool, 'far', 4_100, [job(3_927, { closed: 4, failed: 4 })]);
  await db.rows(`select rollout_fold('far')`);
  const slices = await slicesOf(db.pool, 'far');
  expect(slices.reduce((total, { jobs }) => total + jobs, 0)).toBe(11);
  const spans = await db.rows(
    `select extract(epoch from started_at)::int as at, jobs, failed, open from rollout_spans
     where feature_name = 'far' order by 1`,
  );
  expect(spans.slice(-2)).toEqual([
    { at: 3_706, jobs: 7, failed: 4, open: 0 },
    { at: 4_006, jobs: 2, failed: 2, open: 0 },
  ]);
});
