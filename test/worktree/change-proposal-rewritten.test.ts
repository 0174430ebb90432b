import { describe, expect, it } from 'vitest';
import { cloneOf } from '../helpers/projects/git.ts';
import { open, opened, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

const BRANCH = 'rollout/hold/checkout';
const PROPOSAL = { ...TO_ZERO, via: 'pull_request' } as const;
const RAISED = TEXT.replace('percentage: 50', 'percentage: 75');
const OTHER = TEXT.replace('percentage: 50', 'percentage: 60');

/** A proposal on top of a commit that a force-push of the default branch drops. */
async function rewritten() {
  const repository = await withFile();
  const { dir, git, commit } = repository;
  const first = await git('rev-parse', 'main');
  const dropped = await commit({ 'rollout.yaml': RAISED }, 'a raise');
  const { repository: configuration, log } = await open(`${dir}/rollout.yaml`);
  await configuration.change(PROPOSAL);
  await git('reset', '--quiet', '--hard', first);
  const onBranch = async () => (await git('rev-list', BRANCH)).split('\n');
  return { ...repository, configuration, log, dropped, onBranch };
}

describe('a proposal after a force-push of the default branch', () => {
  it('after a force-push, a proposal is rebuilt at the tip without the dropped commits', async () => {
    const { git, commit, configuration, dropped, onBranch } = await rewritten();
    const tip = await commit({ 'rollout.yaml': OTHER }, 'another number');
    await configuration.change(PROPOSAL);
    expect(await git('rev-parse', `${BRANCH}^`)).toBe(tip);
    expect(await git('show', `${BRANCH}:rollout.yaml`)).toBe(
      OTHER.replace('percentage: 10 ', 'percentage: 0 ').trimEnd(),
    );
    expect(await onBranch()).not.toContain(dropped);
  });

  it('after a force-push, a proposal is rebuilt even if it would merge without conflict', async () => {
    const { git, configuration, dropped, onBranch } = await rewritten();
    await configuration.change(PROPOSAL);
    expect(await onBranch()).not.toContain(dropped);
    expect(await git('show', `${BRANCH}:rollout.yaml`)).toBe(WITH_ZERO.trimEnd());
    const made = await git('rev-parse', BRANCH);
    await configuration.change(PROPOSAL);
    expect(await git('rev-parse', BRANCH)).toBe(made);
  });

  it('after every commit was rewritten, a proposal is rebuilt at the tip', async () => {
    const { git, configuration } = await rewritten();
    await git('checkout', '--quiet', '--orphan', 'anew');
    await git('commit', '--quiet', '--message', 'all of it, written anew');
    await git('branch', '--quiet', '--force', 'main', 'anew');
    await git('switch', '--quiet', 'main');
    await configuration.change(PROPOSAL);
    expect(await git('rev-parse', `${BRANCH}^`)).toBe(await git('rev-parse', 'main'));
  });

  it('after a force-push, a proposal can still be withdrawn', async () => {
    const { git, configuration, log } = await rewritten();
    await configuration.withdraw(BRANCH, 'it was resumed');
    expect(await git('branch', '--list', BRANCH)).toBe('');
    expect(log).toEqual([]);
  });

  it('after a force-push, a proposal keeps the commits that a person added to it', async () => {
    const { git, configuration, log } = await rewritten();
    await git('switch', '--quiet', BRANCH);
    await git('commit', '--quiet', '--allow-empty', '--message', 'mine');
    const theirs = await git('rev-parse', BRANCH);
    await git('switch', '--quiet', 'main');
    await configuration.change(PROPOSAL);
    expect(await git('merge-base', theirs, BRANCH)).toBe(theirs);
    await configuration.withdraw(BRANCH, 'it was resumed');
    expect(log).toEqual([
      `the branch ${BRANCH} was kept: somebody else added commits to it (it was resumed)`,
    ]);
  });

  it('after a force-push, a proposal from a clone is rebuilt on the remote', async () => {
    const remote = await (await withFile()).bareRemote();
    const [mine, colleague] = [await cloneOf(remote), await cloneOf(remote)];
    const onRemote = (...args: string[]) => mine.git('--git-dir', remote, ...args);
    const first = await onRemote('rev-parse', 'main');
    const dropped = await colleague.commit({ 'rollout.yaml': RAISED });
    await colleague.git('push', '--quiet');
    const configuration = await opened(mine.dir);
    await configuration.change(PROPOSAL);
    await colleague.git('reset', '--quiet', '--hard', first);
    const tip = await colleague.commit({ 'rollout.yaml': OTHER });
    await colleague.git('push', '--quiet', '--force');
    await configuration.change(PROPOSAL);
    expect(await onRemote('rev-parse', `${BRANCH}^`)).toBe(tip);
    expect((await onRemote('rev-list', BRANCH)).split('\n')).not.toContain(dropped);
  });
});
