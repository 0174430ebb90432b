import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWorkingTree } from '../../../src/worktree/working-tree.ts';
import { cloneOf, gitEnvironment, gitRepository, type TestRepository } from '../../helpers/projects/git.ts';

beforeAll(() => {
  Object.assign(process.env, gitEnvironment);
});

/** A repository, its bare remote, and a clone in which somebody works. */
async function world() {
  const origin = await gitRepository();
  const first = await origin.commit({ 'rollout.yaml': 'one' });
  const remote = await origin.bareRemote();
  const clone = await cloneOf(remote);
  const push = async (text: string) => {
    const commit = await origin.commit({ 'rollout.yaml': text });
    await origin.git('push', '--quiet', 'origin', 'main');
    return commit;
  };
  return { origin, remote, clone, push, first };
}

async function follow(repository: TestRepository) {
  const said: string[] = [];
  const surroundings = { sleep: async () => {}, random: () => 0.5, log: (line: string) => said.push(line) };
  const tree = await openWorkingTree(join(repository.dir, 'rollout.yaml'), surroundings, true);
  const tip = async () => {
    const { content, revision } = await tree.readTip();
    return { text: Buffer.from(content).toString('utf8'), revision };
  };
  return { tip, said };
}

describe('a tip that is followed', () => {
  it('a followed tip is the current tip of the remote, whatever is checked out or edited locally', async () => {
    const { clone, push } = await world();
    const { tip, said } = await follow(clone);
    await clone.git('switch', '--quiet', '--create', 'idea');
    await clone.write({ 'rollout.yaml': 'half an idea' });
    const revision = await push('two');
    expect(await tip()).toEqual({ text: 'two', revision });
    expect(said).toEqual([]);
    expect(await clone.git('status', '--short', '--branch')).toBe('## idea\n M rollout.yaml');
  });

  it('a followed tip is the last fetched one when the remote does not answer, and the log says so', async () => {
    const { clone, remote, first, push } = await world();
    await push('two');
    await rename(remote, `${remote}.gone`);
    const { tip, said } = await follow(clone);
    expect(await tip()).toEqual({ text: 'one', revision: first });
    expect(said).toEqual([
      expect.stringMatching(/^origin does not answer, so what was fetched last counts: /),
    ]);
    await rename(`${remote}.gone`, remote);
    expect(await tip()).toMatchObject({ text: 'two' });
    expect(said).toHaveLength(1);
  });

  it("following a tip never logs the token in the remote's URL", async () => {
    const { clone } = await world();
    await clone.git('remote', 'set-url', 'origin', 'http://ada:ghp_0123456789abcdef0123@127.0.0.1:1/x.git');
    const { tip, said } = await follow(clone);
    expect(await tip()).toMatchObject({ text: 'one' });
    expect(said[0]).toContain('origin does not answer');
    expect(said.join()).not.toContain('ghp_');
  });

  it('a followed tip without a remote is the checked-out branch, without uncommitted changes', async () => {
    const repository = await gitRepository();
    const revision = await repository.commit({ 'rollout.yaml': 'alone' });
    const { tip } = await follow(repository);
    expect(await tip()).toEqual({ text: 'alone', revision });
    await repository.write({ 'rollout.yaml': 'dirty' });
    await expect(tip()).rejects.toMatchObject({ code: 'revision_refused' });
  });
});

describe('a tip that is followed while origin has another default branch by now', () => {
  /** Origin's default becomes `trunk`; `main` stays where it was, or goes. */
  async function moved(rest: { gone?: true; clone?: true } = {}) {
    const { origin, remote, clone, push } = await world();
    const { tip, said } = await follow(clone);
    await tip();
    await origin.git('push', '--quiet', 'origin', 'main:trunk');
    await origin.git('--git-dir', remote, 'symbolic-ref', 'HEAD', 'refs/heads/trunk');
    if (rest.gone) await origin.git('push', '--quiet', 'origin', '--delete', 'main');
    return { origin, remote, clone, push, tip, said };
  }

  it("a followed tip is refused after the remote's default branch changed, and the hint's command fixes it", async () => {
    const { clone, tip, said } = await moved();
    const error = await tip().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'revision_refused',
      message: 'the default branch of origin is trunk now, but this clone follows main',
    });
    expect(said).toEqual([]);
    const { hint } = error as { hint: string };
    for (const command of hint.replace('run: ', '').split(' && ')) {
      await clone.git(...command.replace(/^git /, '').split(' '));
    }
    expect(await tip()).toMatchObject({ text: 'one' });
  });

  it('a followed tip is refused when the former default branch is gone', async () => {
    const { tip } = await moved({ gone: true });
    await expect(tip()).rejects.toMatchObject({ message: expect.stringContaining('is trunk now') });
  });

  it('a followed tip is refused when the branch is gone and origin names no default', async () => {
    const { remote, origin, tip } = await moved({ gone: true });
    await origin.git('--git-dir', remote, 'symbolic-ref', 'HEAD', 'refs/heads/nothing');
    await expect(tip()).rejects.toMatchObject({
      code: 'revision_refused',
      message: expect.stringMatching(/is nothing now|has no branch main any more/),
    });
  });

  it("a change is refused when the remote's default branch changed", async () => {
    const { clone, remote } = await moved();
    const tree = await openWorkingTree(join(clone.dir, 'rollout.yaml'));
    const before = await clone.git('--git-dir', remote, 'for-each-ref');
    for (const via of ['commit', 'pull_request'] as const) {
      const change = {
        edit: (text: string) => ({ text: `${text} more` }),
        via,
        branch: 'rollout/set/one',
        title: 'One',
      };
      await expect(tree.change({ ...change, body: '', trailers: [] })).rejects.toMatchObject({
        code: 'revision_refused',
      });
    }
    expect(await clone.git('--git-dir', remote, 'for-each-ref')).toBe(before);
  });

  it('a run that does not follow the remote reads the last fetched tip', async () => {
    const { clone, remote } = await moved();
    await rename(remote, `${remote}.gone`);
    const tree = await openWorkingTree(join(clone.dir, 'rollout.yaml'));
    expect(Buffer.from((await tree.readTip()).content).toString('utf8')).toBe('one');
  });
});
