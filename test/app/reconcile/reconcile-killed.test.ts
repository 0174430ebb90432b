import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/random.ts';
import { killedReconcile, type Moment } from '../../helpers/processes/kill.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';

const FEATURES = 40;
/** Milliseconds of a run of its own on a machine that is not busy; on a busy one more die before they write. */
const TYPICAL_RUN = 800;
const KEYS = Array.from({ length: FEATURES }, (_, place) => `feature_${String(place).padStart(2, '0')}`);

/** Every feature says in four of its columns which version of the file it is of. */
const version = (n: number) =>
  fileOf(
    Object.fromEntries(
      KEYS.map((key) => [
        key,
        {
          percentage: n,
          whitelist: [`v${n}`],
          blacklist: [`not${n}`],
          thresholds: { max_error_rate: n },
          owner: `v${n}`,
        },
      ]),
    ),
  );

/** Which version each feature is of; a feature that is of two at once, or whose history says another, throws. */
async function versions({ db }: Project): Promise<number[]> {
  const rows = await db.rows<{ feature: string; said: string[]; rows: number; n: number }>(
    `select c.feature_name as feature, c.rollout_percentage::int as n,
       (select count(*)::int from rollout_history h where h.feature_name = c.feature_name) as rows,
       array[c.rollout_percentage::int::text, substr(c.target_repositories[1], 2), substr(c.excluded_repositories[1], 4),
         c.max_error_rate::int::text, substr(c.spec ->> 'owner', 2), c.spec ->> 'percentage',
         l.new_percentage::int::text, l.metadata #>> '{spec,owner}' ] as said
     from rollout_configuration c join rollout_history l on l.id = c.history_id order by 1`,
  );
  expect(rows.map(({ feature }) => feature)).toEqual(KEYS);
  return rows.map(({ feature, said, n, rows: kept }) => {
    expect([feature, ...said.slice(0, -1), said.at(-1)?.slice(1), kept]).toEqual([
      feature,
      ...Array(8).fill(String(n)),
      n,
    ]);
    return n;
  });
}

/** Two deaths of one file: in the middle of its work, and then anywhere between start and end of another run. */
function moments(random: () => number): Moment[] {
  return [
    { afterFeatures: 1 + Math.floor(random() * (FEATURES - 1)), andThen: random() * 8 },
    { afterStart: random() * TYPICAL_RUN },
  ];
}

async function killAgainAndAgain(seed: number, files: number): Promise<{ killed: number; torn: number }> {
  const random = seededRandom(seed);
  const one = await project();
  await one.apply(version(1));
  const seen = { killed: 0, torn: 0 };
  for (let n = 2; n <= files + 1; n++) {
    await one.write(version(n));
    for (const moment of moments(random)) {
      if (await killedReconcile(one, moment)) seen.killed++;
      const found = new Set(await versions(one));
      expect([...found].filter((each) => each !== n - 1 && each !== n)).toEqual([]);
      if (found.size === 2) seen.torn++;
    }
    expect((await one.reconcile()).changes.filter(({ action }) => action !== 'update')).toEqual([]);
    expect(new Set(await versions(one))).toEqual(new Set([n]));
    expect(await one.verify()).toMatchObject({ valid: true, entries: FEATURES * n });
  }
  expect((await one.reconcile()).changes).toEqual([]);
  return seen;
}

describe('a reconcile that is killed at any of 50 moments', () => {
  it.concurrent.each([
    [4, 13],
    [2, 12],
  ])(
    'a killed reconcile leaves each feature wholly old or new, and the next run finishes (seed %i, %i files)',
    async (seed, files) => {
      const { killed, torn } = await killAgainAndAgain(seed, files);
      // The test would show nothing if the processes ended before they were killed, or never got to write.
      expect(killed).toBeGreaterThan(files);
      expect(torn).toBeGreaterThan(files / 3);
    },
    180_000,
  );
});
