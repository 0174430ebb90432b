import { execFileSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/app/ports/configuration-repository.ts';
import { cloneOf, gitEnvironment, type TestRepository, temporaryFolder } from '../helpers/projects/git.ts';
import { open, opened, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

const OTHER = TEXT.replace('percentage: 50', 'percentage: 75');
const OTHER_WITH_ZERO = WITH_ZERO.replace('percentage: 50', 'percentage: 75');

/** A clone of a bare remote, a colleague's clone of the same, and the remote. */
async function team(): Promise<{ mine: TestRepository; colleague: TestRepository; remote: string }> {
  const remote = await (await withFile()).bareRemote();
  return { mine: await cloneOf(remote), colleague: await cloneOf(remote), remote };
}

async function hook(remote: string, name: string, script: string): Promise<void> {
  await writeFile(join(remote, 'hooks', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(remote, 'hooks', name), 0o755);
}

/** What a person does in a shell while we are between reading and writing. */
function meanwhile(dir: string, script: string): void {
  execFileSync('sh', ['-ec', script], { cwd: dir, env: { PATH: process.env.PATH, ...gitEnvironment } });
}

/** The change, with `race` run before each of its decisions. */
function racing(change: FileChange, race: (round: number) => void): FileChange {
  let round = 0;
  return {
    ...change,
    edit: (text) => {
      race(++round);
      return change.edit(text);
    },
  };
}

const pushSomething = (dir: string) =>
  meanwhile(
    dir,
    'git pull -q --rebase; date +%N >> theirs.txt; git add .; git commit -qm theirs; git push -q',
  );

describe('a commit in a clone', () => {
  it('a commit in a clone is pushed to the default branch, and the checkout follows', async () => {
    const { mine, remote } = await team();
    const repository = await opened(mine.dir);
    const result = await repository.change(TO_ZERO);
    const commit = await mine.git('--git-dir', remote, 'rev-parse', 'main');
    expect(result).toEqual({ state: 'committed', commit });
    expect(await mine.git('rev-parse', 'HEAD', 'origin/main')).toBe(`${commit}\n${commit}`);
    expect(await mine.git('status', '--porcelain')).toBe('');
    expect((await repository.readTip()).revision).toBe(commit);
  });

  it('a commit in a clone builds on what a colleague has pushed since the last fetch', async () => {
    const { mine, colleague } = await team();
    const theirs = await colleague.commit({ 'rollout.yaml': OTHER });
    await colleague.git('push', '--quiet');
    const before = await mine.git('rev-parse', 'HEAD');
    await (await opened(mine.dir)).change(TO_ZERO);
    await colleague.git('pull', '--quiet');
    expect(await colleague.git('rev-parse', 'HEAD^')).toBe(theirs);
    expect(await readFile(join(colleague.dir, 'rollout.yaml'), 'utf8')).toBe(OTHER_WITH_ZERO);
    // A checkout that was behind stays where it is: what else came is for its owner to pull.
    expect(await mine.git('rev-parse', 'HEAD')).toBe(before);
    expect(await mine.git('status', '--porcelain')).toBe('');
  });

  it('a commit is decided again when a colleague pushes between its read and its push', async () => {
    const { mine, colleague } = await team();
    const { repository, pauses } = await open(join(mine.dir, 'rollout.yaml'));
    const seen: string[] = [];
    const change = racing(TO_ZERO, (round) => {
      if (round === 1)
        meanwhile(colleague.dir, `sed -i 's/: 50/: 75/' rollout.yaml; git commit -qam theirs; git push -q`);
    });
    const watched = {
      ...change,
      edit: (text: string) => {
        seen.push(text);
        return change.edit(text);
      },
    };
    expect(await repository.change(watched)).toMatchObject({ state: 'committed' });
    expect(seen).toEqual([TEXT, OTHER]);
    expect(pauses).toEqual([200]);
    await colleague.git('pull', '--quiet');
    expect(await colleague.git('log', '--format=%s')).toBe('rollout: roll back checkout\ntheirs\nfirst');
    expect(await readFile(join(colleague.dir, 'rollout.yaml'), 'utf8')).toBe(OTHER_WITH_ZERO);
  });

  it('no commit is made when a colleague pushes the same change first', async () => {
    const { mine, colleague, remote } = await team();
    const change = racing(TO_ZERO, (round) => {
      if (round === 1)
        meanwhile(colleague.dir, `sed -i 's/: 10 /: 0 /' rollout.yaml; git commit -qam same; git push -q`);
    });
    expect(await (await opened(mine.dir)).change(change)).toEqual({ state: 'unchanged', commit: null });
    expect(await mine.git('--git-dir', remote, 'log', '--format=%s', 'main')).toBe('same\nfirst');
  });

  it('a commit is given up after five rounds with growing pauses, and leaves nothing behind', async () => {
    const { mine, colleague } = await team();
    const { repository, pauses } = await open(join(mine.dir, 'rollout.yaml'));
    const change = racing(TO_ZERO, () => pushSomething(colleague.dir));
    await expect(repository.change(change)).rejects.toThrow('the branch moved 5 times');
    expect(pauses).toEqual([200, 400, 800, 1600]);
    expect(await mine.git('status', '--porcelain')).toBe('');
    expect(await mine.git('show', 'origin/main:rollout.yaml')).toBe(TEXT.trimEnd());
  });

  it('a push that succeeded without an answer is found on the remote and not repeated', async () => {
    const { mine, remote } = await team();
    await hook(remote, 'post-receive', 'kill -9 $PPID');
    const { repository, pauses } = await open(join(mine.dir, 'rollout.yaml'));
    const result = await repository.change(TO_ZERO);
    const commit = await mine.git('--git-dir', remote, 'rev-parse', 'main');
    expect(result).toEqual({ state: 'committed', commit });
    expect(pauses).toEqual([]);
    expect(await mine.git('rev-parse', 'HEAD')).toBe(commit);
  });

  it('a push lost together with the remote is recognised by its trailer when the remote is back', async () => {
    const { mine, remote } = await team();
    const { repository } = await open(join(mine.dir, 'rollout.yaml'));
    // The server takes the commit, then neither answers nor can be asked.
    await hook(remote, 'post-receive', `kill -9 $PPID; mv "${remote}" "${remote}.away"`);
    await expect(repository.change(TO_ZERO)).rejects.toThrow('git push failed');
    expect(await mine.git('status', '--porcelain')).toBe('');
    meanwhile('/', `mv "${remote}.away" "${remote}"; rm "${remote}/hooks/post-receive"`);
    const commit = await mine.git('--git-dir', remote, 'rev-parse', 'main');
    expect(await repository.change(TO_ZERO)).toEqual({ state: 'unchanged', commit });
    expect(await mine.git('--git-dir', remote, 'rev-list', '--count', 'main')).toBe('2');
    // And the checkout, left behind by the first run, is brought along by the second.
    expect(await mine.git('rev-parse', 'HEAD')).toBe(commit);
    expect(await readFile(join(mine.dir, 'rollout.yaml'), 'utf8')).toBe(WITH_ZERO);
    expect(await mine.git('status', '--porcelain')).toBe('');
  });

  it("a rejected push reports the remote's message and leaves the checkout as it was", async () => {
    const { mine, remote } = await team();
    await hook(remote, 'pre-receive', 'echo "protected branch" >&2; exit 1');
    await expect((await opened(mine.dir)).change(TO_ZERO)).rejects.toThrow(
      /git push failed.*protected branch/,
    );
    expect(await readFile(join(mine.dir, 'rollout.yaml'), 'utf8')).toBe(TEXT);
    expect(await mine.git('status', '--porcelain', '--branch')).toBe('## main...origin/main');
  });

  it('no commit is made when the remote cannot be reached', async () => {
    const { mine, remote } = await team();
    await mine.git('remote', 'set-url', 'origin', `${remote}.gone`);
    const head = await mine.git('rev-parse', 'HEAD');
    await expect((await opened(mine.dir)).change(TO_ZERO)).rejects.toThrow('origin does not answer');
    expect(await mine.git('rev-parse', 'HEAD')).toBe(head);
  });

  it('a commit in a clone leaves a checkout of another branch alone', async () => {
    const { mine, remote } = await team();
    await mine.git('switch', '--quiet', '--create', 'feature');
    await mine.write({ 'rollout.yaml': OTHER });
    await (await opened(mine.dir)).change(TO_ZERO);
    expect(await readFile(join(mine.dir, 'rollout.yaml'), 'utf8')).toBe(OTHER);
    expect(await mine.git('--git-dir', remote, 'show', 'main:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
    expect(await mine.git('log', '--format=%s', 'main')).toBe('first');
  });

  it('a commit works in a shallow clone of another single branch', async () => {
    const { mine, remote } = await team();
    await mine.commit({ 'second.txt': '2' });
    await mine.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:canary');
    const folder = await temporaryFolder();
    await mine.git('clone', '--quiet', '--depth=1', '--branch=canary', `file://${remote}`, `${folder}/work`);
    await mine.git(
      '-C',
      `${folder}/work`,
      'fetch',
      '--quiet',
      '--depth=1',
      'origin',
      'main:refs/remotes/origin/main',
    );
    await mine.git('-C', `${folder}/work`, 'remote', 'set-head', 'origin', 'main');
    expect(await (await opened(`${folder}/work`)).change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(await mine.git('--git-dir', remote, 'log', '--format=%s', 'main')).toBe(
      'rollout: roll back checkout\nchange\nfirst',
    );
    expect(await mine.git('-C', `${folder}/work`, 'show', 'origin/main:rollout.yaml')).toBe(
      WITH_ZERO.trimEnd(),
    );
  });
});

describe('a commit without a remote', () => {
  it('without a remote, a commit is decided again when a person commits between its read and its write', async () => {
    const { dir, git } = await withFile();
    const change = racing(TO_ZERO, (round) => {
      if (round === 1) meanwhile(dir, `sed -i 's/: 50/: 75/' rollout.yaml; git commit -qam theirs`);
    });
    expect(await (await opened(dir)).change(change)).toMatchObject({ state: 'committed' });
    expect(await git('log', '--format=%s')).toBe('rollout: roll back checkout\ntheirs\nfirst');
    expect(await git('show', 'HEAD:rollout.yaml')).toBe(OTHER_WITH_ZERO.trimEnd());
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('eight simultaneous commits without a remote change the file once', async () => {
    const { dir, git } = await withFile();
    const eight = Array.from({ length: 8 }, async () => (await opened(dir)).change(TO_ZERO));
    const results = await Promise.allSettled(eight);
    const made = results.filter((one) => one.status === 'fulfilled' && one.value.state === 'committed');
    expect(made).toHaveLength(1);
    expect(await git('log', '--format=%s')).toBe('rollout: roll back checkout\nfirst');
    expect(await git('show', 'HEAD:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(WITH_ZERO);
    expect(await git('status', '--porcelain')).toBe('');
  });
});
