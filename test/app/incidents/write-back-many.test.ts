import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { fileOf, gitProject } from '../../helpers/projects/project.ts';

const KEYS = ['a', 'b', 'c'];
const all = (rest: object, more: object = {}) =>
  fileOf({ ...Object.fromEntries(KEYS.map((key) => [key, { percentage: 10, ...rest }])), ...more });

/** Three features and one with a whitelist, that are all rolled back. */
async function everythingTakenAway() {
  const project = await gitProject();
  const { commit, reconcile, controller } = project;
  await commit(all({}, { d: { percentage: 10, whitelist: ['x', 'y'] } }));
  await reconcile();
  for (const feature of KEYS) await controller.store.incidents.stop(feature, 'everything fails', 'ada');
  await project.db.rows(
    `update rollout_configuration set target_repositories = '{y}' where feature_name = 'd'`,
  );
  await reconcile();
  const written = async () =>
    (await writeBackPending(controller)).map(({ feature, state }) => `${feature} ${state}`).sort();
  return { ...project, written };
}

describe('many incidents that are written back together', () => {
  it('many incidents are written back in one commit, lists included, and the file agrees with all', async () => {
    const { repository, reconcile, written, db } = await everythingTakenAway();
    const before = await repository.git('rev-parse', 'HEAD');
    expect(await written()).toEqual(['a done', 'b done', 'c done', 'd done']);
    expect(await repository.git('rev-list', '--count', `${before}..HEAD`)).toBe('1');
    expect((await reconcile()).changes.map(({ action }) => action)).toEqual(Array(4).fill('settle'));
    expect(await db.rows('select distinct state from rollout_incidents')).toEqual([{ state: 'settled' }]);
  });

  it('many incidents are written back without waiting for one whose entry in the file has errors', async () => {
    const { commit, written, repository } = await everythingTakenAway();
    await commit(
      all({}, { b: { percentage: 10, nonsense: 1 }, d: { percentage: 10, whitelist: ['x', 'y'] } }),
    );
    expect(await written()).toEqual(['a done', 'b pending', 'c done', 'd done']);
    const text = await repository.git('show', 'HEAD:rollout.yaml');
    expect(text.match(/emergency_stop/g)).toHaveLength(2);
  });
});
