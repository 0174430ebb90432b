import { describe, expect, it } from 'vitest';
import { cloneOf } from '../../helpers/projects/git.ts';
import {
  fileOf,
  type GitProject,
  gitProject,
  openProject,
  type Project,
} from '../../helpers/projects/project.ts';

const both = (a: number, b: number) => fileOf({ a: { percentage: a }, b: { percentage: b } });

/** Two runs over one database: one of a checkout that is behind, one of a checkout with the newer commit. */
async function worlds(): Promise<{ slow: GitProject; quick: Project; push(text: string): Promise<string> }> {
  const slow = await gitProject();
  await slow.commit(both(10, 10));
  const remote = await slow.repository.bareRemote();
  await slow.reconcile();
  const clone = await cloneOf(remote);
  const quick = await openProject(clone.dir, slow.db);
  return {
    slow,
    quick,
    push: async (text) => {
      await clone.git('pull', '--quiet');
      const commit = await clone.commit({ 'rollout.yaml': text });
      await clone.git('push', '--quiet');
      return commit;
    },
  };
}

/** Does something once, right before the project's run calls this function of the store the n-th time. */
function interrupt(
  project: Project,
  name: 'applyChange' | 'beginReconcile',
  call: number,
  work: () => Promise<unknown>,
) {
  const store = project.controller.store.features as unknown as Record<
    string,
    (...all: unknown[]) => Promise<unknown>
  >;
  const original = store[name];
  let calls = 0;
  store[name] = async (...all) => {
    if (++calls === call) await work();
    return original?.(...all);
  };
}

async function catchUp({ repository }: GitProject): Promise<void> {
  await repository.git('fetch', '--quiet');
  await repository.git('merge', '--quiet', '--ff-only', 'origin/main');
}

const percentages = async ({ db }: Project) =>
  (
    await db.rows('select rollout_percentage::float8 as p from rollout_configuration order by feature_name')
  ).map(({ p }) => p);
const raisedTo = async ({ history }: Project) => (await history()).map((row) => row.new_percentage);

describe('a reconcile that is overtaken by one of a newer commit', () => {
  it('an overtaken reconcile does not raise again what a newer commit lowered', async () => {
    const { slow, quick, push } = await worlds();
    await push(both(50, 10));
    await catchUp(slow);
    interrupt(slow, 'applyChange', 1, async () => {
      await push(both(5, 10));
      await quick.reconcile();
    });
    await expect(slow.reconcile()).rejects.toMatchObject({ code: 'revision_refused' });
    expect(await percentages(slow)).toEqual([5, 10]);
    expect(await raisedTo(slow)).not.toContain(50);
  });

  it('an overtaken reconcile restarts at the newer commit if it can read it, and finds nothing to do', async () => {
    const slow = await gitProject();
    await slow.commit(both(10, 10));
    await slow.reconcile();
    const quick = await openProject(slow.dir, slow.db);
    await slow.commit(both(50, 50));
    let newer = '';
    interrupt(slow, 'applyChange', 2, async () => {
      newer = await slow.commit(both(5, 5));
      await quick.reconcile();
    });
    expect(await slow.reconcile()).toMatchObject({ changes: [], revision: newer });
    expect(await percentages(slow)).toEqual([5, 5]);
    expect(await slow.verify()).toMatchObject({ valid: true });
  });

  it('a reconcile leaves nothing of an older commit that was reconciled between its read and its start', async () => {
    const { slow, quick, push } = await worlds();
    await push(both(50, 50));
    await catchUp(slow);
    const newer = await push(both(10, 10));
    interrupt(quick, 'beginReconcile', 1, () => slow.reconcile());
    expect(await quick.reconcile()).toMatchObject({ revision: newer });
    expect(await percentages(slow)).toEqual([10, 10]);
  });

  it('a reconcile killed right after its start is complete after the next run', async () => {
    const { slow, quick, push } = await worlds();
    const newer = await push(both(20, 20));
    interrupt(quick, 'applyChange', 1, () => Promise.reject(new Error('killed')));
    interrupt(quick, 'applyChange', 2, () => Promise.reject(new Error('killed')));
    await expect(quick.reconcile()).resolves.toMatchObject({
      changes: [{ action: 'refused' }, { action: 'refused' }],
    });
    await catchUp(slow);
    expect(await slow.reconcile()).toMatchObject({ revision: newer });
    expect(await percentages(slow)).toEqual([20, 20]);
  });
});
