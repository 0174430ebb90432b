import { describe, expect, it } from 'vitest';
import { resumeFeature } from '../../src/app/operate/resume.ts';
import { route } from '../helpers/data/traffic.ts';
import {
  type TickWorld,
  tickFile,
  tickWorld,
  tickWorldOf,
  verdictOf,
} from '../helpers/projects/tick-world.ts';

const HARM = { jobs: 20, errors: 15 };
/** Its write-back waits for a person, so that the file goes on saying 25%. */
const one = { percentage: 25, rollback: { via: 'pull_request' } };

async function held(): Promise<TickWorld> {
  const world = await tickWorld({ one, two: { percentage: 5 } });
  await world.record('one', HARM);
  expect(verdictOf(await world.tick(), 'one')[3]).toBe('rolled_back');
  return world;
}

const isOff = { active: false, percentage: 0 };
const state = async (world: TickWorld, feature = 'one') => (await world.incidents(feature))[0]?.state;

/** Of all incidents of the feature, the newest first. */
const states = async (world: TickWorld) => (await world.incidents('one')).map((incident) => incident.state);

describe('a held feature', () => {
  it('a held feature is not raised by unrelated commits, comments, higher percentages or its deletion', async () => {
    const world = await held();
    const texts = [
      tickFile({ one, two: { percentage: 6 } }),
      `${tickFile({ one, two: { percentage: 6 } })}# a remark\n`,
      tickFile({ one: { ...one, percentage: 80 }, two: { percentage: 6 } }),
      tickFile({ one: { ...one, percentage: 100, whitelist: ['r1'] }, two: { percentage: 6 } }),
    ];
    for (const text of texts) {
      await world.commit(text);
      const result = await world.tick();
      expect(result.reconciled?.changes.find(({ feature }) => feature === 'one')).toMatchObject({
        action: 'held',
      });
      expect(await world.row('one')).toMatchObject(isOff);
      expect(await world.eligible('one')).toBe(0);
    }
    expect(await state(world)).toBe('open');
    expect((await world.row('two')).percentage).toBe(6);
    await world.commit(tickFile({ two: { percentage: 6 } }), 'deleted');
    await world.tick();
    expect(await world.eligible('one')).toBe(0);
    await world.repository.git('revert', '--no-edit', 'HEAD');
    await world.tick();
    expect(await state(world)).toBe('open');
    expect(await world.row('one')).toMatchObject({ active: false });
    expect(await world.eligible('one')).toBe(0);
  });

  it('a held feature settles when the file agrees, and is held again when that commit is reverted', async () => {
    const world = await held();
    await world.commit(tickFile({ one: { ...one, active: false }, two: { percentage: 5 } }), 'off by hand');
    await world.tick();
    expect(await state(world)).toBe('settled');
    await world.repository.git('revert', '--no-edit', 'HEAD');
    const again = await world.tick();
    expect(again.reconciled?.changes).toMatchObject([{ action: 'held', feature: 'one' }]);
    expect(await state(world)).toBe('open');
    expect(await world.row('one')).toMatchObject({ active: false });
    expect(again.printed).toEqual(['critical reopened one']);
    expect((await world.tick()).printed).toEqual([]);
  });

  it('a held feature is not raised by a revert of our own write-back', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM);
    await world.tick();
    expect(await state(world)).toBe('settled');
    await world.repository.git('revert', '--no-edit', 'HEAD');
    await world.tick();
    expect(await world.row('one')).toMatchObject(isOff);
    expect(await world.fileAt()).toContain('active: false');
  });

  it('each unresumed rollback holds a feature, so a revert of an older one is not a resume either', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const { controller, repository } = world;
    await world.record('one', HARM);
    await world.tick();
    const rolledBack = await repository.git('rev-parse', 'HEAD');
    await controller.store.incidents.stop('one', 'to be sure', 'ada');
    await world.tick();
    expect(await states(world)).toEqual(['settled', 'settled']);
    // The stop is lifted, and the feature stays off as the rollback left it.
    await world.commit((await world.fileAt()).replace(/ *emergency_stop: true,?/, ''), 'no longer stopped');
    await world.tick();
    expect(await world.row('one')).toMatchObject({ active: false, stopped: false });
    await world.commit(
      tickFile({ one: { percentage: 25 } }),
      `Revert it\n\nThis reverts commit ${rolledBack}.`,
    );
    await world.tick();
    expect(await world.row('one')).toMatchObject({ active: false });
    // Opened again, and written back again at once.
    expect(await world.fileAt()).toContain('active: false');
    // A person's resume goes over all of them at once.
    await resumeFeature(controller, {
      feature: 'one',
      reason: 'mended',
      percentage: 25,
      agree: async () => true,
    });
    await world.tick();
    expect(await world.row('one')).toMatchObject({ active: true, percentage: 25 });
    expect(await states(world)).toEqual(['resumed', 'resumed']);
    const { epoch } = await world.row('one');
    await world.tick();
    expect(await world.row('one')).toMatchObject({ active: true, epoch });
  });

  it('a feature that was fixed and resumed is not rolled back by old errors', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', HARM, { jobs: 500, errors: 300, minutesAgo: 30 });
    await world.tick();
    await world.pass(60);
    const { controller } = world;
    const asked = { feature: 'one', reason: 'mended', percentage: 25, agree: async () => true };
    await resumeFeature(controller, asked);
    const result = await world.tick();
    expect(await world.row('one')).toMatchObject({ active: true, percentage: 25, epoch: 3 });
    expect(verdictOf(result, 'one')).toEqual(['no_data', 'no_treated_jobs', 'all', 'none']);
    await world.record('one', { jobs: 40 }, { jobs: 300, errors: 300, epoch: 1 });
    expect(verdictOf(await world.tick(), 'one')[0]).toBe('healthy');
    expect((await world.incidents('one')).map(({ state }) => state)).toEqual(['resumed']);
    await world.record('one', { jobs: 60, errors: 40 });
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('rolled_back');
  });

  it('a feature that was off when it was stopped is held: a merge an hour later does not switch it on', async () => {
    const off = `version: 1
features:
  one:
    active: false
    percentage: 100
    owner: ada
    description: What it is
`;
    const world = await tickWorldOf(off);
    const { git } = world.repository;
    await git('checkout', '--quiet', '-b', 'launch');
    await world.commit(off.replace('active: false', 'active: true'), 'launch it');
    await git('checkout', '--quiet', 'main');
    await world.db.pool.query(`select rollout_emergency_stop('one', 'do not switch it on')`);
    expect((await world.tick()).printed).toEqual(['critical stopped one', 'info settled one']);
    expect(await world.fileAt()).toBe(`${off}    emergency_stop: true\n`);
    await git('merge', '--quiet', '--no-edit', 'launch');
    await world.tick();
    expect(await world.row('one')).toMatchObject({ active: true, stopped: true });
    expect(await world.eligible('one')).toBe(0);
  });
});

describe('jobs that were routed before an epoch', () => {
  it('jobs routed before an epoch do not count against the next one, whether they fail or time out', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await route(world.db, 'one', 60);
    await world.record('one', HARM);
    await world.tick();
    const asked = { feature: 'one', reason: 'mended', percentage: 25, agree: async () => true };
    await resumeFeature(world.controller, asked);
    await world.tick();
    await world.record('one', { jobs: 40 });
    await world.pass(30);
    await world.record('one', { jobs: 40, errors: 40, epoch: 1 });
    const result = await world.tick();
    expect(result.timed_out).toBe(60);
    expect(verdictOf(result, 'one')).toEqual(['healthy', 'healthy', 'all', 'none']);
    expect(result.results[0]?.judgement).toMatchObject({ jobs: 40, errors: 0 });
    expect((await world.tick()).timed_out).toBe(0);
  });

  it('jobs that never finish in their own epoch count as failed', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    await world.record('one', { jobs: 1 }); // by the tick, not by the fuse
    await route(world.db, 'one', 20);
    expect((await world.tick()).timed_out).toBe(0);
    await world.pass(15);
    const result = await world.tick();
    expect(result.timed_out).toBe(20);
    expect(verdictOf(result, 'one')[3]).toBe('rolled_back');
  });
});
