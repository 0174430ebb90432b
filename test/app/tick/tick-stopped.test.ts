import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openJobs, recordEnds, type Stamp } from '../../../src/store/outcomes/jobs.ts';
import { ramp, type TickWorld, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

let stamps = 0;

/** Routes jobs of the feature now, as a process does that tells of no end. */
async function route(
  { db }: TickWorld,
  feature: string,
  amount: number,
  rest: Partial<Stamp> = {},
): Promise<Stamp[]> {
  const routed = Array.from({ length: amount }, (): Stamp => {
    stamps += 1;
    return {
      ...{ id: `job ${stamps}`, feature, subject: 'r1', epoch: 1, arm: 'treatment', category: '' },
      ...{ processor: 'edge', job_class: '', routed_at: Date.now(), ...rest },
    };
  });
  await openJobs(db.pool, routed);
  return routed;
}

const told = ({ printed }: { printed: string[] }) => printed.filter((line) => line.includes(' no_data '));

describe('outcomes that stop while jobs are routed', () => {
  it('stopped outcomes of routed jobs are no data, notified once until outcomes return and stop again', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.record('one', { jobs: 400, errors: 1 });
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('healthy');
    await world.pass(15);
    const [first] = await route(world, 'one', 5);
    await world.pass(30);
    const found = await world.tick();
    expect(verdictOf(found, 'one').slice(0, 2)).toEqual(['no_data', 'outcomes_stopped']);
    expect(told(found)).toEqual(['warning no_data one']);
    expect(found.results[0]?.advance).toMatchObject({ wait: { code: 'verdict', verdict: 'no_data' } });
    await world.pass(60);
    const again = await world.tick();
    expect(verdictOf(again, 'one')[0]).toBe('no_data');
    expect(told(again)).toEqual([]);

    if (first) {
      const { id: _id, routed_at: _at, ...place } = first;
      const outcome = { ...place, ok: true, duration_ms: 10, error: null, finished_at: Date.now() };
      await recordEnds(world.db.pool, randomUUID(), [{ stamp: first, outcome }]);
    }
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('healthy');
    await world.pass(15);
    await route(world, 'one', 3);
    await world.pass(45);
    expect(told(await world.tick())).toHaveLength(1);
  });

  it('jobs open before the newest outcome, or of other arms and epochs, do not show stopped outcomes', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await route(world, 'one', 5);
    await route(world, 'one', 5, { arm: 'control' });
    await world.pass(60);
    await world.record('one', { jobs: 400, errors: 1 });
    await world.pass(15);
    await route(world, 'one', 5, { arm: 'control' });
    await route(world, 'one', 5, { epoch: 2 });
    await world.pass(60);
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('healthy');
  });

  it("outcomes also count as stopped when control goes on and a step's worth of treatment is missing", async () => {
    const world = await tickWorld({ one: ramp(10), few: ramp(10) });
    for (const feature of ['one', 'few']) {
      await world.record(feature, { jobs: 200, errors: 1 }, { jobs: 1_800, arm: 'control' });
    }
    await world.tick();
    await world.pass(60);
    await world.record('one', { jobs: 1_800, arm: 'control' });
    await world.record('few', { jobs: 80, arm: 'control' });
    const result = await world.tick();
    expect(verdictOf(result, 'one').slice(0, 2)).toEqual(['no_data', 'outcomes_stopped']);
    expect(result.results.find(({ feature }) => feature === 'one')?.judgement.reason).toMatch(
      /while control finished 1800 jobs and about 200 of treatment were expected/,
    );
    expect(verdictOf(result, 'few')[0]).toBe('healthy');
  });
});
