import { describe, expect, it } from 'vitest';
import { fakeGithub } from '../helpers/github/index.ts';
import { runGit } from '../helpers/projects/git.ts';
import { roomOn } from '../helpers/projects/github-world.ts';
import { replacing } from '../worktree/change-world.ts';

const BRANCH = 'rollout/hold/one';
const TEXT = 'version: 1\nfeatures:\n  one: { percentage: 25 }\n  two: { percentage: 5 }\n';
const RAISED = TEXT.replace('percentage: 5 ', 'percentage: 50 ');
const OTHER = TEXT.replace('percentage: 5 ', 'percentage: 7 ');
const lowered = (text: string) => text.replace('percentage: 25', 'percentage: 0');
const PROPOSAL = replacing('percentage: 25', 'percentage: 0', { branch: BRANCH, via: 'pull_request' });

/** A proposal on top of commits that a force-push of the default branch drops. */
async function rewritten(amount = 1) {
  const github = await fakeGithub();
  const shop = await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
  const onShop = (...args: string[]) => runGit(shop.dir, ['--git-dir', shop.dir, ...args]);
  const first = (await shop.tip()) ?? '';
  let dropped = first;
  for (let n = 1; n <= amount; n++) dropped = await shop.commit({ 'rollout.yaml': RAISED, n: `${n}\n` });
  const log: string[] = [];
  const { configuration } = roomOn(github, 'acme/shop', { surroundings: { log: (line) => log.push(line) } });
  await configuration.change(PROPOSAL);
  await onShop('update-ref', 'refs/heads/main', first);
  const onBranch = async () => (await onShop('rev-list', BRANCH)).split('\n');
  const pulls = () => shop.pulls().map(({ number, state }) => `#${number} ${state}`);
  return { github, shop, configuration, log, dropped, onShop, onBranch, pulls };
}

describe('a pull request of ours after a force-push of the default branch', () => {
  it.each([1, 120])(
    'after a force-push, the proposal restarts at the tip without the dropped commits (%i of them)',
    async (amount) => {
      const { shop, configuration, dropped, onBranch, pulls } = await rewritten(amount);
      const tip = await shop.commit({ 'rollout.yaml': OTHER });
      await configuration.change(PROPOSAL);
      expect(await shop.file('rollout.yaml', BRANCH)).toBe(lowered(OTHER));
      const commits = await onBranch();
      expect(commits[1]).toBe(tip);
      expect(commits).not.toContain(dropped);
      expect(pulls()).toEqual(['#1 open']);
      await shop.mergePull(1);
      expect(await shop.file('rollout.yaml')).toBe(lowered(OTHER));
    },
  );

  it('after a force-push, a proposal without conflicts restarts too and is then left as it is', async () => {
    const { shop, configuration, dropped, onBranch, github } = await rewritten();
    await configuration.change(PROPOSAL);
    expect(await onBranch()).not.toContain(dropped);
    expect(await shop.file('rollout.yaml', BRANCH)).toBe(lowered(TEXT));
    github.requests.length = 0;
    await configuration.change(PROPOSAL);
    expect(github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('after a force-push without common history, the proposal restarts at the new root', async () => {
    const { shop, configuration, onShop, onBranch } = await rewritten();
    const tree = await onShop('rev-parse', 'main^{tree}');
    const root = await onShop('commit-tree', tree, '-m', 'all of it, written anew');
    await onShop('update-ref', 'refs/heads/main', root);
    await configuration.change(PROPOSAL);
    expect((await onBranch()).slice(1)).toEqual([root]);
    expect(await shop.file('rollout.yaml', BRANCH)).toBe(lowered(TEXT));
  });

  it('a proposal can be withdrawn after a force-push of the default branch', async () => {
    const { shop, configuration, log, pulls } = await rewritten();
    await configuration.withdraw(BRANCH, 'it was resumed');
    expect(await shop.tip(BRANCH)).toBeNull();
    expect(pulls()).toEqual(['#1 closed']);
    expect(log).toEqual([]);
  });

  it('a restarting proposal keeps commits of a person, even a commit from the moment of the restart', async () => {
    const { shop, github, configuration } = await rewritten();
    github.fault({
      on: 'graphql/updateRefs',
      before: () => shop.commit({ 'why.md': 'because\n' }, { branch: BRANCH, message: 'say why' }),
    });
    await configuration.change(PROPOSAL);
    expect(await shop.file('why.md', BRANCH)).toBe('because\n');
    expect(await shop.file('rollout.yaml', BRANCH)).toContain('percentage: 0');
  });

  it('the error names the rule that forbids restarting the proposal and how to allow it', async () => {
    const { shop, configuration } = await rewritten();
    await shop.protect('ruleset', BRANCH);
    await expect(configuration.change(PROPOSAL)).rejects.toMatchObject({
      code: 'branch_protected',
      message: `the branch ${BRANCH} could not be written: Repository rule violations found Changes must be made through a pull request.`,
    });
  });
});
