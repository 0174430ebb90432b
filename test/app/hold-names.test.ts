import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../src/app/incidents/write-back.ts';
import { brief, fileOf, type Project, project } from '../helpers/projects/project.ts';

const one = { percentage: 50, whitelist: ['acme/late', 'r9'], blacklist: ['evil/corp'] };

/** Rolled back to 5% while nobody was called what the lists say; then somebody is. */
async function lowered(): Promise<Project> {
  const world = await project();
  await world.apply(fileOf({ one }));
  const { store } = world.controller;
  const request = { feature: 'one', actor: 'ada', reason: 'slow', severity: 'warning' as const };
  expect(await store.incidents.rollBack({ ...request, to: 5, evidence: {}, epoch: null })).toMatchObject({
    done: true,
  });
  await world.db.pool.query(
    `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/late'), ('b1', 'evil/corp')`,
  );
  return world;
}

const lists = ({ db }: Project) =>
  db.rows('select target_repositories as w, excluded_repositories as b from rollout_configuration');
const found = { w: ['r1', 'r9'], b: ['b1', 'evil/corp'] };
const states = ({ db }: Project) => db.rows('select id::int, kind, state from rollout_incidents order by id');

describe('a name that finds its owner while the feature is held', () => {
  it('a listed name that gets its id during a hold is neither drift nor a second incident', async () => {
    const world = await lowered();
    expect(await lists(world)).toEqual([found]);
    const { changes } = await world.reconcile();
    expect(changes).toMatchObject([{ action: 'held', incident: '1', write: null }]);
    expect(await lists(world)).toEqual([found]);
    expect(await states(world)).toEqual([{ id: 1, kind: 'rollback', state: 'open' }]);
  });

  it('a listed name that gets its id during a hold stays in the file, and the agreeing file settles', async () => {
    const world = await lowered();
    expect(await writeBackPending(world.controller, 'file')).toMatchObject([
      { state: 'proposed', error: null },
    ]);
    expect(await readFile(world.file, 'utf8')).toBe(fileOf({ one }).replace('50', '5'));
    await world.reconcile();
    expect(await states(world)).toMatchObject([{ state: 'settled' }]);
    expect(await lists(world)).toEqual([found]);
    expect(brief(await world.reconcile())).toEqual([]);
  });

  it('a permit also covers a listed name that got its id later', async () => {
    const world = await project();
    await world.apply(fileOf({ one }));
    const { store } = world.controller;
    await store.incidents.stop('one', 'payments fail', 'ada');
    const [before] = await world.db.rows('select before from rollout_incidents');
    await store.incidents.grantPermit({
      incident: '1',
      ceiling: before?.before,
      actor: 'ada',
      reason: 'mended',
    });
    await world.db.pool.query(
      `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/late')`,
    );
    expect((await world.apply(fileOf({ one: { ...one, resumes: 1 } }))).changes).toMatchObject([
      { action: 'update', incident: '1' },
    ]);
    expect(await states(world)).toMatchObject([{ state: 'resumed' }]);
  });
});

describe('a name that finds its owner after the incident was settled', () => {
  it('a listed name that gets its id after the incident was settled is not a raise', async () => {
    const world = await project();
    await world.apply(fileOf({ one }));
    const { store } = world.controller;
    const request = { feature: 'one', actor: 'ada', reason: 'slow', severity: 'warning' as const };
    await store.incidents.rollBack({ ...request, to: 5, evidence: {}, epoch: null });
    await world.apply(fileOf({ one: { ...one, percentage: 5 } }));
    expect(await states(world)).toMatchObject([{ state: 'settled' }]);
    await world.db.pool.query(
      `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/late')`,
    );
    expect(brief(await world.reconcile())).toEqual([]);
    expect(await states(world)).toMatchObject([{ state: 'settled' }]);
  });
});
