import { describe, expect, it } from 'vitest';
import { openProject } from '../../helpers/projects/project.ts';
import { ramp, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

describe('two ticks at once', () => {
  it('of simultaneous ticks only one works, and the others find the lease taken and do nothing', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: ramp(10) });
    await world.record('two', { jobs: 100 });
    await world.tick();
    await world.pass(24 * 60);
    await world.record('two', { jobs: 10 });
    await world.record('one', { jobs: 20, errors: 15 });
    const before = await world.repository.git('rev-parse', 'HEAD');
    const all = await Promise.all([world.tick(), world.tick(), world.tick()]);
    const worked = all.filter(({ skipped }) => !skipped);
    expect(worked).toHaveLength(1);
    expect(verdictOf(worked[0] ?? { results: [] }, 'one')[3]).toBe('rolled_back');
    expect(await world.incidents()).toHaveLength(1);
    expect(await world.commitsSince(before)).toHaveLength(2);
    expect((await world.history()).map(({ action }) => action)).toEqual([
      ...['created', 'created', 'rollback', 'updated'],
      'advanced',
    ]);
    for (const { results, heartbeat, printed } of all.filter(({ skipped }) => skipped)) {
      expect({ results, heartbeat, printed }).toEqual({ results: [], heartbeat: null, printed: [] });
    }
    expect((await world.tick()).skipped).toBe(false);
  });

  it('two ticks without a lease between them still roll back, advance and write back once', async () => {
    const world = await tickWorld({ one: { percentage: 25 }, two: ramp(10) });
    await world.record('two', { jobs: 100 });
    await world.tick();
    await world.pass(24 * 60);
    await world.record('two', { jobs: 10 });
    await world.record('one', { jobs: 20, errors: 15 });
    const before = await world.repository.git('rev-parse', 'HEAD');
    await world.db.pool.query(
      `create or replace function rollout_take_lease(holder text, seconds integer) returns boolean
       language sql as 'select true'`,
    );
    await Promise.all([world.tick(), world.tick()]);
    await world.tick();
    expect((await world.incidents()).map(({ state }) => state)).toEqual(['settled']);
    expect(await world.commitsSince(before)).toHaveLength(2);
    expect((await world.row('two')).percentage).toBe(25);
    expect((await world.history('two')).map(({ action }) => action)).toEqual(['created', 'advanced']);
    expect(await world.verify()).toMatchObject({ valid: true });
  });

  it('a tick waits for the lease of a dead tick no longer than the lease lasts', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    expect(await world.controller.store.lease.take('dead', 600)).toBe(true);
    await world.record('one', { jobs: 20, errors: 15 });
    expect((await world.tick()).skipped).toBe(true);
    // A stop waits for no lease.
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    expect(await world.row('one')).toMatchObject({ stopped: true });
    await world.pass(15);
    expect((await world.tick()).skipped).toBe(false);
  });

  it('one tick after many missed ones does the work of one', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.record('one', { jobs: 100 });
    await world.pass(10 * 24 * 60);
    await world.record('one', { jobs: 10 });
    const elsewhere = await openProject(world.dir, world.db);
    expect(elsewhere.db).toBe(world.db);
    const first = await world.tick();
    expect(first.advanced).toMatchObject([
      { feature: 'one', action: 'advanced', note: { code: 'step', to: 25 } },
    ]);
    expect((await world.tick()).advanced).toEqual([]);
  });
});
