import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { fileOf, gitProject } from '../../helpers/projects/project.ts';

/** Stopped and written back, before the next reconcile. */
async function writtenBack() {
  const project = await gitProject();
  await project.commit(fileOf({ one: { percentage: 10 } }));
  await project.reconcile();
  const before = await project.repository.git('rev-parse', 'HEAD');
  await project.controller.store.incidents.stop('one', 'it fails', 'ada');
  const written = async () => (await writeBackPending(project.controller)).map(({ state }) => state);
  expect(await written()).toEqual(['done']);
  const incident = async () =>
    (
      await project.db.rows(`select state, write_back, write_back_commit as commit from rollout_incidents`)
    )[0];
  return { ...project, before, written, incident };
}

describe('a write-back whose commit a force-push took away', () => {
  it('a write-back lost by a force-push is written again, even if no reconcile saw it, and ends the hold', async () => {
    const { repository, before, reconcile, written, incident } = await writtenBack();
    await repository.git('reset', '--hard', before);
    expect((await reconcile()).changes).toMatchObject([{ action: 'held' }]);
    expect(await written()).toEqual(['done']);
    expect((await incident())?.commit).toBe(await repository.git('rev-parse', 'HEAD'));
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle' }]);
    expect(await incident()).toMatchObject({ state: 'settled', write_back: 'done' });
  });

  it('a write-back that is still on the branch is not written again', async () => {
    const { written, incident, repository } = await writtenBack();
    const kept = [await incident(), await repository.git('rev-parse', 'HEAD')];
    expect(await written()).toEqual([]);
    expect([await incident(), await repository.git('rev-parse', 'HEAD')]).toEqual(kept);
  });
});
