import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { cloneOf, temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, gitProject, openProject } from '../../helpers/projects/project.ts';

const at = (percentage: number, rest: object = {}) => fileOf({ one: { percentage, ...rest } });
const stopped = at(10, { emergency_stop: true });

/** A feature at 10% that was stopped, with the commit by which the file came to say so. */
async function settledStop() {
  const project = await gitProject();
  await project.commit(at(10));
  await project.reconcile();
  await project.controller.store.incidents.stop('one', 'payments fail', 'ada');
  const settling = await project.commit(stopped);
  await project.reconcile();
  return { ...project, settling };
}

describe('reconcile in a repository', () => {
  it('reconcile in a repository applies the committed file at the tip and stores the commit', async () => {
    const { commit, reconcile, controller, history } = await gitProject();
    const first = await commit(at(10));
    expect(await reconcile()).toMatchObject({ revision: first, changes: [{ action: 'create' }] });
    const second = await commit(at(20));
    expect(await reconcile({ revision: second })).toMatchObject({ revision: second });
    expect((await history('one')).map(({ revision }) => revision)).toEqual([first, second]);
    expect(await controller.store.reading((read) => read.state())).toMatchObject({ revision: second });
    expect(await reconcile({ revision: second.slice(0, 7).toUpperCase() })).toMatchObject({ changes: [] });
  });

  it('reconcile refuses another commit than the tip, and a revision that is not a commit', async () => {
    const { commit, reconcile, history } = await gitProject();
    const first = await commit(at(10));
    const tip = await commit(at(20));
    await expect(reconcile({ revision: first })).rejects.toMatchObject({
      code: 'revision_refused',
      message: `${first} is not the tip of the default branch, which is ${tip.slice(0, 10)}`,
    });
    for (const revision of ['', tip.slice(0, 3), 'HEAD']) {
      await expect(reconcile({ revision })).rejects.toMatchObject({ code: 'revision_refused' });
    }
    expect(await history()).toEqual([]);
  });

  it('reconcile refuses a file with uncommitted changes and writes nothing', async () => {
    const { commit, write, reconcile, history } = await gitProject();
    await commit(at(10));
    await write(at(20));
    await expect(reconcile()).rejects.toMatchObject({ code: 'revision_refused' });
    expect(await history()).toEqual([]);
  });

  it('reconcile refuses a tip that does not descend from the last applied one, unless allowed', async () => {
    const { commit, reconcile, repository, db } = await gitProject();
    const first = await commit(at(10));
    const forgotten = await commit(at(50));
    await reconcile();
    await repository.git('reset', '--quiet', '--hard', first);
    const rewritten = await commit(at(20));
    await expect(reconcile()).rejects.toMatchObject({
      code: 'revision_refused',
      message: `${rewritten.slice(0, 10)} does not descend from ${forgotten.slice(0, 10)}, which was applied last: this checkout is behind, or history was rewritten`,
      // In an old clone the second way would undo what others merged: the harmless one comes first.
      hint: expect.stringMatching(/^bring the checkout up to date \(git pull\).*--allow-rewind$/),
    });
    const percentage = () => db.rows('select rollout_percentage::float8 as p from rollout_configuration');
    expect(await percentage()).toEqual([{ p: 50 }]);
    expect((await reconcile({ allowRewind: true })).changes).toMatchObject([{ action: 'update' }]);
    expect(await percentage()).toEqual([{ p: 20 }]);
    await commit(at(30));
    expect((await reconcile()).changes).toMatchObject([{ action: 'update' }]);
  });

  it('reconcile refuses a shallow clone when ancestry matters, and accepts it once it is complete', async () => {
    const { commit, reconcile, repository, db } = await gitProject();
    await commit(at(10));
    await reconcile();
    await commit(at(20));
    await repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const folder = join(await temporaryFolder(), 'shallow');
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, folder);
    const shallow = await openProject(folder, db);
    await expect(shallow.reconcile()).rejects.toMatchObject({
      code: 'revision_refused',
      hint: 'run: git fetch --unshallow (in a workflow: fetch-depth: 0), then run the command again',
    });
    await repository.git('-C', folder, 'fetch', '--quiet', '--unshallow');
    expect((await shallow.reconcile()).changes).toMatchObject([{ action: 'update' }]);
  });

  it('reconcile applies what was merged at the remote, not what a local branch has', async () => {
    const { commit, reconcile, repository, history } = await gitProject();
    const published = await commit(at(10));
    const colleague = await cloneOf(await repository.bareRemote());
    await commit(at(90), 'never pushed');
    await expect(reconcile()).rejects.toMatchObject({ code: 'revision_refused' });
    await repository.git('reset', '--quiet', '--hard', published);
    const merged = await colleague.commit({ 'README.md': 'another file' });
    await colleague.git('push', '--quiet');
    await repository.git('fetch', '--quiet');
    expect(await reconcile()).toMatchObject({ revision: merged, changes: [{ action: 'create' }] });
    expect(await history('one')).toMatchObject([{ revision: merged, new_percentage: 10 }]);
  });
});

describe('a settled hold', () => {
  it('a settled hold reopens when its settling commit is reverted, but not when that revert is reverted', async () => {
    const { repository, settling, reconcile, db } = await settledStop();
    const states = () => db.rows('select state, settled_by from rollout_incidents');
    expect(await states()).toEqual([{ state: 'settled', settled_by: settling }]);
    await repository.git('revert', '--no-edit', settling);
    const [held] = (await reconcile()).changes;
    expect(held).toMatchObject({ action: 'held', held: true, incident: '1' });
    expect(held?.reason).toEqual({
      ...{ code: 'reopened', feature: 'one', incident: '1', settlement: 'reverted' },
    });
    expect(await states()).toMatchObject([{ state: 'open' }]);
    expect(await db.rows('select emergency_stop from rollout_configuration')).toEqual([
      { emergency_stop: true },
    ]);
    await repository.git('revert', '--no-edit', 'HEAD');
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle' }]);
    expect(await states()).toMatchObject([{ state: 'settled' }]);
  });

  it('a settled hold reopens for a revert of one commit of the settling push, not for that of another', async () => {
    const between = { a: { percentage: 1 }, b: { percentage: 1 } };
    const two = (one: object, other: number) => fileOf({ one, ...between, two: { percentage: other } });
    const stopping = { percentage: 10, emergency_stop: true };
    const { repository, commit, reconcile, controller, history } = await gitProject();
    await commit(two({ percentage: 10 }, 10));
    await reconcile();
    await controller.store.incidents.stop('one', 'payments fail', 'ada');
    const settling = await commit(two(stopping, 10), 'stop it');
    const later = await commit(two(stopping, 20), 'raise the other');
    await reconcile();
    await repository.git('revert', '--no-edit', settling);
    expect((await reconcile()).changes).toMatchObject([
      { feature: 'one', action: 'held', reason: { code: 'reopened', settlement: 'reverted' } },
    ]);
    await repository.git('revert', '--no-edit', 'HEAD');
    expect((await reconcile()).changes).toMatchObject([{ feature: 'one', action: 'settle' }]);
    await repository.git('revert', '--no-edit', later);
    await commit(two({ percentage: 5 }, 10), 'the cause is mended');
    expect((await reconcile()).changes).toMatchObject([{ action: 'update' }, { action: 'update' }]);
    expect((await history('one')).at(-1)).toMatchObject({ action: 'resumed' });
  });

  it('a settled hold reopens for a revert that broke the file, whoever fixes the file and whenever', async () => {
    for (const broken of [`<<<<<<< HEAD\n${at(10)}`, at(10, { nonsense: 1 })]) {
      for (const seen of [false, true]) {
        const { commit, settling, reconcile, db } = await settledStop();
        await commit(broken, `Revert "stop it"\n\nThis reverts commit ${settling}.`);
        if (seen) await reconcile();
        await commit(at(10), 'mend the file');
        expect((await reconcile()).changes).toMatchObject([
          { action: 'held', reason: { code: 'reopened', settlement: 'reverted' } },
        ]);
        expect(await db.rows('select emergency_stop from rollout_configuration')).toEqual([
          { emergency_stop: true },
        ]);
      }
    }
  });

  it('a settled hold reopens for a revert that a later commit only claims to revert', async () => {
    const { repository, commit, settling, reconcile } = await settledStop();
    await commit(at(20), `Revert "stop it"\n\nThis reverts commit ${settling}.`);
    const back = await repository.git('rev-parse', 'HEAD');
    await commit(at(10), `Reapply "stop it"\n\nThis reverts commit ${back}.`);
    expect((await reconcile()).changes).toMatchObject([
      { action: 'held', reason: { code: 'reopened', settlement: 'reverted' } },
    ]);
  });

  it('a raising commit ends a settled hold although the earlier write-back is gone from the branch', async () => {
    const { repository, commit, reconcile, controller, db } = await gitProject();
    const first = await commit(at(10));
    await reconcile();
    await controller.store.incidents.stop('one', 'payments fail', 'ada');
    await writeBackPending(controller);
    await reconcile();
    await repository.git('reset', '--quiet', '--hard', first);
    await reconcile({ allowRewind: true });
    await commit(stopped, 'by hand');
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle' }]);
    await commit(at(5), 'the cause is mended');
    expect((await reconcile()).changes).toMatchObject([{ action: 'update' }]);
    expect(await db.rows('select state from rollout_incidents')).toEqual([{ state: 'resumed' }]);
  });

  it('a settled hold reopens when its settling commit is gone from the branch', async () => {
    const { repository, settling, reconcile, db } = await settledStop();
    await repository.git('reset', '--quiet', '--hard', `${settling}^`);
    expect((await reconcile({ allowRewind: true })).changes).toMatchObject([
      { action: 'held', reason: { code: 'reopened', settlement: 'missing' } },
    ]);
    expect(await db.rows('select emergency_stop from rollout_configuration')).toEqual([
      { emergency_stop: true },
    ]);
  });

  it('a settled hold stays settled through unrelated commits, and a raising commit is a resume', async () => {
    const { repository, commit, reconcile, plan, history } = await settledStop();
    await repository.commit({ 'README.md': 'more' });
    expect((await reconcile()).changes).toEqual([]);
    await commit(at(5), 'the cause is mended');
    const reason = { code: 'resumed', reason: 'payments fail', exposure: { percentage: 5 } };
    expect((await plan()).changes).toMatchObject([{ action: 'update', reason }]);
    expect((await reconcile()).changes).toMatchObject([{ action: 'update', reason }]);
    expect((await history('one')).at(-1)).toMatchObject({ action: 'resumed' });
  });
});
