import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWorkingTree } from '../../../src/worktree/working-tree.ts';
import {
  gitEnvironment,
  gitRepository,
  type TestRepository,
  temporaryFolder,
} from '../../helpers/projects/git.ts';

beforeAll(() => {
  Object.assign(process.env, gitEnvironment);
});

const settlement = async (dir: string, tip: string | null, ...commits: string[]) =>
  (await openWorkingTree(join(dir, 'rollout.yaml'))).settlement(tip, commits, {
    agrees: isOff,
    applied: null,
  });

const isOff = (content: Uint8Array | null) => content === null || Buffer.from(content).toString() === 'off\n';

const head = (repository: TestRepository) => repository.git('rev-parse', 'HEAD');

/** A repository whose second commit took a feature off, and a third that has nothing to do with it. */
async function history() {
  const repository = await gitRepository();
  const on = await repository.commit({ 'rollout.yaml': 'on\n' }, 'on');
  const off = await repository.commit({ 'rollout.yaml': 'off\n' }, 'take it off');
  const later = await repository.commit({ 'other.txt': 'a' }, 'later');
  return { repository, on, off, later };
}

describe('a commit that settled an incident', () => {
  it('a commit is contained in itself and its descendants, and missing elsewhere', async () => {
    const { repository, on, off, later } = await history();
    expect(await settlement(repository.dir, off, off)).toBe('contained');
    expect(await settlement(repository.dir, later, off)).toBe('contained');
    expect(await settlement(repository.dir, later, on, off)).toBe('contained');
    expect(await settlement(repository.dir, on, off)).toBe('missing');
    expect(await settlement(repository.dir, later, on, 'f'.repeat(40))).toBe('missing');
    expect(await settlement(repository.dir, later)).toBe('contained');
  });

  it('git revert reverts a settling commit, and reverting that revert restores it', async () => {
    const { repository, off } = await history();
    let undone = off;
    for (const expected of ['reverted', 'contained', 'reverted', 'contained']) {
      await repository.git('revert', '--no-edit', undone);
      undone = await head(repository);
      expect(await settlement(repository.dir, undone, off)).toBe(expected);
    }
  });

  it('reverting another commit, or only mentioning a revert, leaves a settling commit in place', async () => {
    const { repository, off, later } = await history();
    await repository.git('revert', '--no-edit', later);
    await repository.commit(
      { 'other.txt': 'b' },
      `Explain why\n\nSomebody asked: This reverts commit ${off}?`,
    );
    expect(await settlement(repository.dir, await head(repository), off)).toBe('contained');
  });

  it('a settling commit counts as reverted when the reconciled tip was a later commit of the same push', async () => {
    const { repository, off, later } = await history();
    await repository.git('revert', '--no-edit', off);
    expect(await settlement(repository.dir, await head(repository), later)).toBe('reverted');
  });

  it('a settling commit is reverted with the merge that brought it, not with another merge', async () => {
    const { repository, on } = await history();
    await repository.git('reset', '--quiet', '--hard', on);
    await repository.git('switch', '--quiet', '--create', 'topic');
    await repository.commit({ 'rollout.yaml': 'off\n' }, 'off on a branch');
    await repository.git('switch', '--quiet', 'main');
    await repository.commit({ 'other.txt': 'a' }, 'meanwhile');
    await repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
    const merge = await head(repository);
    await repository.git('switch', '--quiet', '--create', 'docs');
    await repository.commit({ 'docs.txt': 'a' }, 'docs');
    await repository.git('switch', '--quiet', 'main');
    await repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'docs');
    const tip = await head(repository);
    await repository.git('revert', '--no-edit', '--mainline', '1', tip);
    for (const settled of [merge, tip]) {
      expect(await settlement(repository.dir, await head(repository), settled)).toBe('contained');
    }
    await repository.git('revert', '--no-edit', '--mainline', '1', merge);
    for (const settled of [merge, tip]) {
      expect(await settlement(repository.dir, await head(repository), settled)).toBe('reverted');
    }
  });

  it('a settlement is judged despite odd characters and circular reverts in commit messages', async () => {
    const { repository, off, later } = await history();
    await repository.commit({ 'other.txt': 'b' }, `odd \u0001 \u001b[31m\nThis reverts commit 1234567`);
    await repository.commit(
      { 'other.txt': 'c' },
      `This reverts commit ${later.slice(0, 8)}\nThis reverts commit ${later}`,
    );
    expect(await settlement(repository.dir, await head(repository), off)).toBe('contained');
    await repository.commit({ 'rollout.yaml': 'on\n' }, `This reverts commit ${off.slice(0, 10)}.`);
    expect(await settlement(repository.dir, await head(repository), off)).toBe('reverted');
  });

  it('a settlement cannot be judged in a shallow clone unless its commits hold the answer', async () => {
    const { repository, on, later } = await history();
    const shallow = join(await temporaryFolder(), 'shallow');
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, shallow);
    expect(await settlement(shallow, later, later)).toBe('contained');
    await expect(settlement(shallow, later, on)).rejects.toMatchObject({
      code: 'revision_refused',
      message: `this is a shallow clone: whether ${later.slice(0, 10)} descends from ${on.slice(0, 10)} cannot be known`,
      hint: expect.stringContaining('git fetch --unshallow'),
    });
  });

  it('a settlement outside a repository is uncommitted, so a permit is needed', async () => {
    expect(await settlement(await temporaryFolder(), null, 'f'.repeat(40))).toBe('uncommitted');
  });
});
