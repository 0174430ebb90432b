import { describe, expect, it } from 'vitest';
import { record, type Traffic } from '../../helpers/data/traffic.ts';
import { type TickWorld, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

/** 40 very large repositories in the whitelist: the only ones that have the feature. */
const LISTED = Array.from({ length: 40 }, (_, n) => `e${n}`);
/** As many without it. */
const OTHERS = Array.from({ length: 40 }, (_, n) => `f${n}`);

/** One job of each of these repositories; two in five fail, other ones each time. */
function jobs(
  subjects: readonly string[],
  time: number,
  failing: boolean,
  rest: Partial<Traffic>,
): Traffic[] {
  return subjects.map((subject, n) => ({
    ...{ jobs: 1, subject, category: 'enterprise', errors: failing && (n + 7 * time) % 5 < 2 ? 1 : 0 },
    ...rest,
  }));
}

/**
 * Simpson's paradox: the very large fail 40% with the feature, and without it where `shared`; beside them control has
 * twelve times as many jobs of small repositories, of which hardly one fails.
 */
async function hours(world: TickWorld, shared: boolean): Promise<void> {
  for (let time = 0; time < 5; time++) {
    const minutesAgo = 20 - 5 * time;
    await record(
      world.db,
      'one',
      ...jobs(LISTED, time, true, { minutesAgo }),
      ...jobs(OTHERS, time, shared, { minutesAgo, arm: 'control' }),
      { jobs: 500, errors: 1, arm: 'control', category: 'small', minutesAgo },
    );
  }
}

const feature = (fuse: boolean) => ({ one: { percentage: 0, whitelist: LISTED, rollback: { fuse } } });

async function excuses({ db }: TickWorld) {
  await db.rows('select rollout_trip()');
  return db.rows(`select scope, excuse from rollout_levels where kind = 'limit' and excuse is not null`);
}

describe('an outage of the very large repositories, which control shares and its small ones hide', () => {
  it('an outage that control shares only in one size freezes the ramp, and the tick rolls nothing back', async () => {
    const world = await tickWorld(feature(false));
    await world.pass(60);
    await hours(world, true);
    expect(verdictOf(await world.tick(), 'one')).toEqual(['suspect', 'shared_outage', 'all', 'none']);
    expect(await world.row('one')).toMatchObject({ active: true });
  });

  it('an outage that control shares only in one size is a shared outage for the fuse too', async () => {
    const world = await tickWorld(feature(true));
    await world.pass(60);
    await hours(world, true);
    expect(await excuses(world)).toEqual([{ scope: 'all', excuse: 'shared_outage' }]);
    expect(await world.row('one')).toMatchObject({ active: true });
  });

  it("tick and fuse roll back a failing size when control's repositories of that size do not fail", async () => {
    const slow = await tickWorld(feature(false));
    await slow.pass(60);
    await hours(slow, false);
    expect(verdictOf(await slow.tick(), 'one')).toEqual(['harmful', 'over_limit', 'all', 'rolled_back']);
    const quick = await tickWorld(feature(true));
    await quick.pass(60);
    await hours(quick, false);
    expect(await excuses(quick)).toEqual([]);
    expect(await quick.incidents('one')).toMatchObject([{ kind: 'rollback', opened_by: 'fuse' }]);
  });
});
