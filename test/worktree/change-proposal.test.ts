import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloneOf } from '../helpers/projects/git.ts';
import { changedLines, open, opened, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

const BRANCH = 'rollout/hold/checkout';
const PROPOSAL = { ...TO_ZERO, via: 'pull_request' } as const;
const PROPOSED = { state: 'proposed', branch: BRANCH, pull_request: null };

describe('a proposal in a repository without a remote', () => {
  it('a proposal is one commit on its own branch; current branch, checkout and uncommitted work stay', async () => {
    const repository = await withFile();
    const { dir, git, write } = repository;
    await write({ 'rollout.yaml': `${TEXT}# mine\n` });
    const main = await git('rev-parse', 'main');
    expect(await (await opened(dir)).change(PROPOSAL)).toEqual(PROPOSED);
    expect(await git('rev-parse', 'HEAD', `${BRANCH}^`)).toBe(`${main}\n${main}`);
    expect(await git('show', `${BRANCH}:rollout.yaml`)).toBe(WITH_ZERO.trimEnd());
    expect(await changedLines(repository, BRANCH)).toHaveLength(2);
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(`${TEXT}# mine\n`);
    expect(await git('status', '--porcelain')).toBe(' M rollout.yaml');
  });

  it('repeating a proposal keeps the same commit, even if something else was merged meanwhile', async () => {
    const { dir, git, commit } = await withFile();
    const repository = await opened(dir);
    await repository.change(PROPOSAL);
    const first = await git('rev-parse', BRANCH);
    await repository.change(PROPOSAL);
    await commit({ 'other.txt': 'later\n' });
    expect(await repository.change(PROPOSAL)).toEqual(PROPOSED);
    expect(await git('rev-parse', BRANCH)).toBe(first);
  });

  it('a proposal is rebuilt from the tip when the file changed there or its own message changes', async () => {
    const { dir, git, commit } = await withFile();
    const repository = await opened(dir);
    await repository.change(PROPOSAL);
    const tip = await commit({ 'rollout.yaml': TEXT.replace('percentage: 50', 'percentage: 75') });
    await repository.change(PROPOSAL);
    expect(await git('rev-parse', `${BRANCH}^`)).toBe(tip);
    expect(await git('show', `${BRANCH}:rollout.yaml`)).toContain('percentage: 75');
    await repository.change({ ...PROPOSAL, body: 'Now 20 of 30.' });
    expect(await git('log', '--format=%b', `main..${BRANCH}`)).toContain('Now 20 of 30.');
    expect(await git('rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  });

  it('no proposal is made when the default branch already has the change', async () => {
    const { dir, git } = await withFile(WITH_ZERO);
    expect(await (await opened(dir)).change(PROPOSAL)).toEqual({ state: 'unchanged', commit: null });
    expect(await git('branch', '--list', BRANCH)).toBe('');
  });

  it('a proposal keeps commits that a person added to its branch and builds on top of them', async () => {
    const { dir, git } = await withFile();
    const repository = await opened(dir);
    await repository.change(PROPOSAL);
    await git('worktree', 'add', '--quiet', `${dir}-2`, BRANCH);
    await git('-C', `${dir}-2`, 'commit', '--quiet', '--allow-empty', '--message', 'a word of mine');
    await git('worktree', 'remove', `${dir}-2`);
    const theirs = await git('rev-parse', BRANCH);
    expect(await repository.change(PROPOSAL)).toEqual(PROPOSED);
    expect(await git('rev-parse', BRANCH)).toBe(theirs);
    const more = {
      ...PROPOSAL,
      edit: (text: string) => ({
        text: text.replace('percentage: 10 ', 'percentage: 0 ').replace(': 50', ': 40'),
      }),
    };
    expect(await repository.change(more)).toEqual(PROPOSED);
    expect(await git('rev-parse', `${BRANCH}^`)).toBe(theirs);
  });

  it('a proposal does not move or delete a branch that somebody has checked out', async () => {
    const { dir, git } = await withFile();
    const repository = await opened(dir);
    await repository.change(PROPOSAL);
    await git('worktree', 'add', '--quiet', `${dir}-3`, BRANCH);
    await expect(repository.change({ ...PROPOSAL, body: 'other' })).rejects.toThrow('is checked out');
    const { repository: again, log } = await open(join(dir, 'rollout.yaml'));
    await again.withdraw(BRANCH, 'it was settled');
    expect(log).toEqual([expect.stringContaining('because it is checked out')]);
    expect(await git('branch', '--list', BRANCH)).toContain(BRANCH);
  });

  it('withdrawing a proposal deletes its branch, unless a person added commits to it', async () => {
    const { dir, git } = await withFile();
    const { repository, log } = await open(join(dir, 'rollout.yaml'));
    await repository.withdraw(BRANCH, 'there is none');
    await repository.change(PROPOSAL);
    await repository.withdraw(BRANCH, 'it was resumed');
    expect(await git('branch', '--list', BRANCH)).toBe('');
    await repository.change(PROPOSAL);
    await git('switch', '--quiet', BRANCH);
    await git('commit', '--quiet', '--allow-empty', '--message', 'mine');
    await git('switch', '--quiet', 'main');
    await repository.withdraw(BRANCH, 'it was resumed');
    expect(await git('branch', '--list', BRANCH)).toContain(BRANCH);
    expect(log).toEqual([
      `the branch ${BRANCH} was kept: somebody else added commits to it (it was resumed)`,
    ]);
  });

  it("a proposal's branch is never the default branch", async () => {
    const { dir } = await withFile();
    const repository = await opened(dir);
    await expect(repository.change({ ...PROPOSAL, branch: 'main' })).rejects.toThrow('the default branch');
    await expect(repository.withdraw('main', 'no')).rejects.toThrow('the default branch');
  });
});

describe('a proposal in a clone', () => {
  it('in a clone a proposal is pushed, rebuilt with a lease and withdrawn without a local branch', async () => {
    const remote = await (await withFile()).bareRemote();
    const mine = await cloneOf(remote);
    const onRemote = (...args: string[]) => mine.git('--git-dir', remote, ...args);
    const repository = await opened(mine.dir);
    expect(await repository.change(PROPOSAL)).toEqual(PROPOSED);
    expect(await onRemote('show', `${BRANCH}:rollout.yaml`)).toBe(WITH_ZERO.trimEnd());
    const colleague = await cloneOf(remote);
    const tip = await colleague.commit({ 'rollout.yaml': TEXT.replace('percentage: 50', 'percentage: 75') });
    await colleague.git('push', '--quiet');
    await repository.change(PROPOSAL);
    expect(await onRemote('rev-parse', `${BRANCH}^`)).toBe(tip);
    expect(await mine.git('branch', '--format=%(refname:short)')).toBe('main');
    await repository.withdraw(BRANCH, 'it was resumed');
    expect(await onRemote('branch', '--format=%(refname:short)')).toBe('main');
    expect(await mine.git('branch', '--remotes', '--list', `origin/${BRANCH}`)).toBe('');
    await repository.withdraw(BRANCH, 'it was resumed');
  });

  it('a proposal that another clone pushed first is updated and not lost', async () => {
    const remote = await (await withFile()).bareRemote();
    const [one, two] = [await cloneOf(remote), await cloneOf(remote)];
    await (await opened(one.dir)).change(PROPOSAL);
    await (await opened(two.dir)).change({ ...PROPOSAL, body: 'Newer evidence.' });
    expect(await one.git('--git-dir', remote, 'log', '--format=%b', `main..${BRANCH}`)).toContain('Newer');
    expect(await one.git('--git-dir', remote, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
  });
});
