import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfigurationFile } from '../../../src/worktree/file/read-file.ts';
import { checkedOutRevision, openWorkingTree } from '../../../src/worktree/working-tree.ts';
import {
  cloneOf,
  gitEnvironment,
  gitRepository,
  type TestRepository,
  temporaryFolder,
} from '../../helpers/projects/git.ts';

beforeAll(() => {
  Object.assign(process.env, gitEnvironment);
});

const tipOf = async (file: string) => {
  const { content, ...tip } = await (await openWorkingTree(file)).readTip();
  return { ...tip, content: Buffer.from(content).toString('utf8') };
};
const fileIn = (repository: TestRepository) => join(repository.dir, 'rollout.yaml');
const refused = (message: string | RegExp, hint: string) => ({
  code: 'revision_refused',
  message: expect.stringMatching(message),
  hint: expect.stringContaining(hint),
});

describe('without a remote, the tip', () => {
  it('without a remote the tip is the committed file of the checked-out branch, byte for byte', async () => {
    const repository = await gitRepository();
    const text = 'version: 1\r\n# é\r\n';
    const revision = await repository.commit({ 'rollout.yaml': text, 'other.txt': 'a' });
    expect(await tipOf(fileIn(repository))).toEqual({ path: fileIn(repository), content: text, revision });
    await repository.write({ 'other.txt': 'changed' });
    expect(await tipOf(fileIn(repository))).toMatchObject({ revision });
    expect(await checkedOutRevision(fileIn(repository))).toBe(revision);
  });

  it.each([
    [
      'a file with changes',
      (r: TestRepository) => r.write({ 'rollout.yaml': 'b' }),
      'has changes that are not committed',
      'git restore',
    ],
    [
      'a file with staged changes',
      async (r: TestRepository) => {
        await r.write({ 'rollout.yaml': 'b' });
        await r.git('add', '.');
      },
      'has changes that are not committed',
      'commit the changes',
    ],
    [
      'a file that was deleted',
      (r: TestRepository) => rm(fileIn(r)),
      'has changes that are not committed',
      'git restore',
    ],
    [
      'a detached HEAD',
      (r: TestRepository) => r.git('checkout', '--quiet', '--detach'),
      'detached HEAD',
      'git switch main',
    ],
  ])('without a remote the tip refuses %s', async (_, change, message, hint) => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'a' });
    await change(repository);
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject(refused(message, hint));
  });

  it('without a remote the tip refuses a repository that has no commit', async () => {
    const repository = await gitRepository();
    await repository.write({ 'rollout.yaml': 'a' });
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject(
      refused(/main has no commit yet/, 'commit'),
    );
    expect(await checkedOutRevision(fileIn(repository))).toBeNull();
  });

  it('without a remote the tip refuses a file that is not committed', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'README.md': 'a' });
    await repository.write({ 'rollout.yaml': 'a' });
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject({
      code: 'file_missing',
      message: expect.stringMatching(/rollout\.yaml is not in main \([0-9a-f]{10}\)$/),
      hint: expect.stringContaining('git add'),
    });
  });

  it.each([
    ['a file of the machine', 'secret.yaml', (outside: string) => outside],
    ['a folder of the machine', join('config', 'secret.yaml'), (outside: string) => dirname(outside)],
    ['what git keeps for itself', 'secret.yaml', () => '.git/config'],
  ])(
    'a file behind a link from the repository to %s is refused and not read',
    async (_what, path, targetOf) => {
      const outside = join(await temporaryFolder(), 'secret.yaml');
      await writeFile(outside, 'token: sesame\n');
      const repository = await gitRepository();
      const [first = ''] = path.split('/');
      await symlink(targetOf(outside), join(repository.dir, first));
      await repository.commit({}, 'a link');
      const leadsOut = {
        code: 'file_unreadable',
        message: expect.stringMatching(/is a link that leads out of its repo/),
      };
      await expect(tipOf(join(repository.dir, path))).rejects.toMatchObject(leadsOut);
      await expect(readConfigurationFile(join(repository.dir, path))).rejects.toMatchObject(leadsOut);
    },
  );

  it('the tip is found from a subfolder, under a path with special characters and through a link', async () => {
    const repository = await gitRepository();
    const odd = 'deep er/[rollout] *ü.yaml';
    await mkdir(join(repository.dir, 'deep er'));
    await repository.commit({ [odd]: 'odd', 'deep er/rollout ü.yaml': 'other' });
    await repository.write({ 'deep er/rollout ü.yaml': 'changed' });
    expect(await tipOf(join(repository.dir, odd))).toMatchObject({ content: 'odd' });
    const link = join(await temporaryFolder(), 'rollout.yaml');
    await symlink(join(repository.dir, odd), link);
    expect(await tipOf(link)).toMatchObject({ content: 'odd', path: link });
    await repository.write({ [odd]: 'changed' });
    await expect(tipOf(link)).rejects.toMatchObject({ code: 'revision_refused' });
  });
});

describe('with a remote, the tip', () => {
  it('with a remote the tip is origin/HEAD, not the local branch', async () => {
    const repository = await gitRepository();
    const published = await repository.commit({ 'rollout.yaml': 'a' });
    await repository.bareRemote();
    const mine = await repository.commit({ 'other.txt': 'not pushed' });
    expect(mine).not.toBe(published);
    expect(await tipOf(fileIn(repository))).toMatchObject({ content: 'a', revision: published });
    await repository.commit({ 'rollout.yaml': 'b' }, 'not pushed');
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject(
      refused(/on main is not the one of origin\/main/, 'git pull'),
    );
  });

  it('with a remote the tip is the last fetched one, even on another branch that has the same file', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'a' });
    const colleague = await cloneOf(await repository.bareRemote());
    const merged = await colleague.commit({ 'rollout.yaml': 'b' });
    await colleague.git('push', '--quiet');
    await repository.git('fetch', '--quiet');
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject(
      refused(/is not the one of origin\/main/, 'git switch main'),
    );
    await repository.git('switch', '--quiet', '--create', 'topic', 'origin/main');
    expect(await tipOf(fileIn(repository))).toMatchObject({ content: 'b', revision: merged });
    await repository.commit({ 'rollout.yaml': 'c' });
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject(
      refused(/on topic is not the one of origin\/main/, 'merge'),
    );
  });

  it('with a remote the tip is refused while the default branch is unknown', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'a' });
    await repository.bareRemote();
    await repository.git('remote', 'set-head', 'origin', '--delete');
    await expect(tipOf(fileIn(repository))).rejects.toMatchObject({
      code: 'revision_refused',
      hint: expect.stringContaining('git remote set-head origin --auto'),
    });
  });
});

describe('a file', () => {
  it('a file outside any repository counts as it is', async () => {
    const file = join(await temporaryFolder(), 'rollout.yaml');
    await writeFile(file, 'a');
    expect(await tipOf(file)).toEqual({ path: file, content: 'a', revision: null });
    expect(await checkedOutRevision(file)).toBeNull();
    const missing = join(await temporaryFolder(), 'no', 'rollout.yaml');
    await expect(tipOf(missing)).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('a working file does not count when git refuses to read its repository', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'a' });
    await repository.write({ 'rollout.yaml': 'dirty' });
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1'; // as in a container that runs as another user
    try {
      const tree = await openWorkingTree(fileIn(repository));
      await expect(tree.readTip()).rejects.toMatchObject({
        code: 'git_failed',
        message: expect.stringContaining('dubious ownership'),
      });
      await expect(tree.settlement('a', ['b'])).rejects.toMatchObject({ code: 'git_failed' });
    } finally {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    }
    await rm(join(repository.dir, '.git'), { recursive: true });
    await writeFile(join(repository.dir, '.git'), 'gitdir: /nowhere'); // a worktree whose repository moved away
    await expect((await openWorkingTree(fileIn(repository))).readTip()).rejects.toMatchObject({
      code: 'git_failed',
    });
  });

  it('a working file in a repository does not count when git is not installed', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'a' });
    const plain = join(await temporaryFolder(), 'rollout.yaml');
    await writeFile(plain, 'b');
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    try {
      await expect((await openWorkingTree(fileIn(repository))).readTip()).rejects.toMatchObject({
        code: 'git_failed',
        message: expect.stringContaining('git is not installed'),
      });
      expect(await tipOf(plain)).toMatchObject({ content: 'b' });
    } finally {
      process.env.PATH = PATH;
    }
  });

  it("a file belongs to the repository that contains it, whatever a git hook's environment says", async () => {
    const [repository, other] = [await gitRepository(), await gitRepository()];
    const revision = await repository.commit({ 'rollout.yaml': 'a' });
    await other.commit({ 'rollout.yaml': 'other' });
    process.env.GIT_DIR = join(other.dir, '.git');
    process.env.GIT_INDEX_FILE = join(other.dir, '.git', 'index');
    try {
      expect(await tipOf(fileIn(repository))).toMatchObject({ content: 'a', revision });
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
  });

  it('a file made executable has the same tip', async () => {
    const repository = await gitRepository();
    await repository.git('config', 'core.fileMode', 'false');
    await repository.commit({ 'rollout.yaml': 'a' });
    await chmod(fileIn(repository), 0o755);
    expect(await tipOf(fileIn(repository))).toMatchObject({ content: 'a' });
  });
});
