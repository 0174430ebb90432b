import { chmod, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChangeVia } from '../../src/app/ports/configuration-repository.ts';
import { gitRepository } from '../helpers/projects/git.ts';
import { changedLines, opened, replacing, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

describe('a commit in a repository without a remote', () => {
  it('a commit without a remote changes only the intended line on the checked-out branch', async () => {
    const { dir, git, ...rest } = await withFile();
    const before = await git('rev-parse', 'HEAD');
    const result = await (await opened(dir)).change(TO_ZERO);
    const commit = await git('rev-parse', 'main');
    expect(result).toEqual({ state: 'committed', commit });
    expect(await git('rev-parse', 'main^')).toBe(before);
    expect(await changedLines({ dir, git, ...rest }, 'main')).toEqual([
      '-    percentage: 10           # ten',
      '+    percentage: 0           # ten',
    ]);
    expect(await git('show', '--stat=80', '--format=', 'main')).toMatch(/rollout\.yaml .*\n 1 file changed/);
  });

  it('a commit without a remote leaves a clean checkout that has the new text', async () => {
    const { dir, git } = await withFile();
    const repository = await opened(dir);
    await repository.change(TO_ZERO);
    expect(await git('status', '--porcelain')).toBe('');
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(WITH_ZERO);
    expect((await repository.readTip()).revision).toBe(await git('rev-parse', 'HEAD'));
  });

  it('a commit is signed only where commit.gpgsign asks for it', async () => {
    const { dir, git } = await withFile();
    const repository = await opened(dir);
    await repository.change(TO_ZERO);
    expect(await git('cat-file', 'commit', 'main')).not.toContain('gpgsig');
    const program = join(dir, '.git', 'sign');
    const lines = ['-----BEGIN PGP SIGNATURE-----', '', 'abc', '-----END PGP SIGNATURE-----'];
    const signature = lines.map((line) => `echo '${line}'`).join('\n');
    await writeFile(
      program,
      `#!/bin/sh\ncat > /dev/null\necho >&2\necho '[GNUPG:] SIG_CREATED D' >&2\n${signature}\n`,
    );
    await chmod(program, 0o755);
    await git('config', 'gpg.program', program);
    await git('config', 'commit.gpgsign', 'true');
    await repository.change(replacing('percentage: 0 ', 'percentage: 5 '));
    expect(await git('cat-file', 'commit', 'main')).toContain('gpgsig -----BEGIN PGP SIGNATURE-----');
  });

  it('a commit leaves a sparse checkout that excludes the file as clean as before', async () => {
    const { dir, git } = await withFile(TEXT, 'config/rollout.yaml');
    await git('sparse-checkout', 'set', '--no-cone', '/other.txt');
    expect(await git('ls-files', '-t')).toContain('S config/rollout.yaml');
    await mkdir(join(dir, 'config'), { recursive: true });
    const result = await (await opened(dir, 'config/rollout.yaml')).change(TO_ZERO);
    expect(result).toMatchObject({ state: 'committed' });
    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('ls-files', '-t')).toContain('S config/rollout.yaml');
    await git('sparse-checkout', 'disable');
    expect(await readFile(join(dir, 'config/rollout.yaml'), 'utf8')).toBe(WITH_ZERO);
  });

  it('a commit message says what changed and why, and ends with the trailers that identify it', async () => {
    const { dir, git } = await withFile();
    await (await opened(dir)).change({ ...TO_ZERO, body: 'Because of it.\nRollout-Incident: 99' });
    expect(await git('log', '-1', '--format=%B')).toBe(
      [
        'rollout: roll back checkout',
        '',
        'Because of it.',
        '  Rollout-Incident: 99',
        '',
        'Rollout-Incident: 12',
        'Rollout-Feature: checkout',
        '',
      ].join('\n'),
    );
    expect(await git('log', '-1', '--format=%(trailers:key=Rollout-Incident,valueonly)')).toBe('12\n');
  });

  it('a change that the file already has makes no commit and returns our earlier commit that made it', async () => {
    const { dir, git, commit } = await withFile();
    const repository = await opened(dir);
    expect(await repository.change(replacing('not there', ''))).toEqual({ state: 'unchanged', commit: null });
    const done = await repository.change(TO_ZERO);
    await commit({ 'other.txt': 'later\n' });
    const head = await git('rev-parse', 'HEAD');
    const { commit: ours } = done as { commit: string };
    expect(await repository.change(TO_ZERO)).toEqual({ state: 'unchanged', commit: ours });
    const others = { ...TO_ZERO, trailers: ['Rollout-Incident: 12', 'Rollout-Incident: 13'] };
    expect(await repository.change(others)).toEqual({ state: 'unchanged', commit: ours });
    const incidentOne = { ...TO_ZERO, trailers: ['Rollout-Incident: 1', 'Rollout-Feature: checkout'] };
    expect(await repository.change(incidentOne)).toEqual({ state: 'unchanged', commit: null });
    expect(await git('rev-parse', 'HEAD')).toBe(head);
  });

  it('a change without an incident is recognised by its feature and history digest together', async () => {
    const { dir } = await withFile();
    const repository = await opened(dir);
    const trailers = ['Rollout-Feature: checkout', 'Rollout-History: ab12'];
    const done = await repository.change({ ...TO_ZERO, trailers });
    expect(await repository.change({ ...TO_ZERO, trailers })).toMatchObject({
      commit: (done as { commit: string }).commit,
    });
    const later = ['Rollout-Feature: checkout', 'Rollout-History: cd34'];
    expect(await repository.change({ ...TO_ZERO, trailers: later })).toMatchObject({ commit: null });
  });

  it("a commit carries the identity from the git config, or else the controller's", async () => {
    const { dir, git } = await withFile();
    const names = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'];
    const kept = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    try {
      const repository = await opened(dir);
      await repository.change(TO_ZERO);
      expect(await git('log', '-1', '--format=%an <%ae> %cn')).toBe(
        'rollout-controller <rollout-controller@users.noreply.github.com> rollout-controller',
      );
      await git('config', 'user.name', 'Grace');
      await git('config', 'user.email', 'grace@example.com');
      await repository.change(replacing('percentage: 50', 'percentage: 25'));
      expect(await git('log', '-1', '--format=%an <%ae> %cn')).toBe('Grace <grace@example.com> Grace');
    } finally {
      for (const [name, value] of kept) process.env[name] = value;
    }
  });

  it('a commit is not made when the signature that commit.gpgsign asks for fails', async () => {
    const { dir, git } = await withFile();
    await git('config', 'commit.gpgSign', 'true');
    await git('config', 'gpg.program', '/bin/false');
    const before = await git('rev-parse', 'main');
    await expect((await opened(dir)).change(TO_ZERO)).rejects.toMatchObject({
      code: 'git_failed',
      message: expect.stringContaining('failed to sign'),
    });
    expect([await git('rev-parse', 'main'), await git('status', '--porcelain')]).toEqual([before, '']);
  });

  it('a commit runs no git hook', async () => {
    const { dir, git } = await withFile();
    const hooks = ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'post-index-change'];
    for (const hook of hooks) {
      await writeFile(join(dir, '.git', hook), `#!/bin/sh\necho ${hook} >> ${dir}/.git/ran\nexit 1\n`);
      await chmod(join(dir, '.git', hook), 0o755);
    }
    await git('config', 'core.hooksPath', join(dir, '.git'));
    expect(await (await opened(dir)).change(TO_ZERO)).toMatchObject({ state: 'committed' });
    await expect(readFile(join(dir, '.git', 'ran'))).rejects.toThrow('ENOENT');
  });

  it("a commit keeps the file's mode, both in git and in the folder", async () => {
    const repository = await gitRepository();
    await repository.write({ 'rollout.yaml': TEXT });
    await chmod(join(repository.dir, 'rollout.yaml'), 0o755);
    await repository.commit({}, 'first');
    await (await opened(repository.dir)).change(TO_ZERO);
    expect(await repository.git('ls-tree', 'HEAD', 'rollout.yaml')).toMatch(/^100755 /);
    expect((await stat(join(repository.dir, 'rollout.yaml'))).mode & 0o777).toBe(0o755);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['in a folder below', 'deploy/config/rollout.yaml'],
    ['with blanks, umlauts, a star and brackets in its path', 'für die *Bühne*/roll [out].yaml'],
  ])('a commit works on a file %s', async (_, path) => {
    const repository = await withFile(TEXT, path);
    const { dir, git } = repository;
    expect(await (await opened(dir, path)).change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(await git('show', `HEAD:${path}`)).toBe(WITH_ZERO.trimEnd());
    expect(await git('status', '--porcelain')).toBe('');
    expect(await changedLines(repository, 'HEAD')).toHaveLength(2);
  });

  it('a commit works in a linked worktree, on the branch that is checked out there', async () => {
    const { dir, git } = await withFile();
    await git('worktree', 'add', '--quiet', '-b', 'canary', `${dir}-canary`);
    const main = await git('rev-parse', 'main');
    await (await opened(`${dir}-canary`)).change(TO_ZERO);
    expect(await git('show', 'canary:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
    expect(await git('-C', `${dir}-canary`, 'status', '--porcelain')).toBe('');
    expect(await git('rev-parse', 'main')).toBe(main);
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('a commit changes the file behind a symbolic link and keeps the link', async () => {
    const { dir, git, commit } = await withFile(TEXT, 'deploy/rollout.yaml');
    await symlink('deploy/rollout.yaml', join(dir, 'rollout.yaml'));
    await commit({}, 'link');
    await (await opened(dir)).change(TO_ZERO);
    expect(await git('show', '--name-only', '--format=', 'HEAD')).toBe('deploy/rollout.yaml');
    expect(await readlink(join(dir, 'rollout.yaml'))).toBe('deploy/rollout.yaml');
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('a change is refused for a file that is not committed and for one that is not UTF-8', async () => {
    const { dir, write, commit } = await withFile();
    await write({ 'new.yaml': TEXT });
    await expect((await opened(dir, 'new.yaml')).change(TO_ZERO)).rejects.toThrow('new.yaml is not in');
    await writeFile(join(dir, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0xe4, 0x0a]));
    await commit({}, 'latin');
    await expect((await opened(dir, 'latin.yaml')).change(TO_ZERO)).rejects.toThrow('not valid UTF-8');
  });

  it('a change whose edit is refused touches nothing', async () => {
    const { dir, git } = await withFile();
    const head = await git('rev-parse', 'HEAD');
    const refusing = replacing('', '', {
      edit: () => ({ refused: new Error('it is held') }),
    });
    expect(await (await opened(dir)).change(refusing)).toEqual({
      state: 'refused',
      refused: new Error('it is held'),
    });
    expect(await git('rev-parse', 'HEAD')).toBe(head);
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('reading by commit or pull request returns the committed text; by file, the text in the folder', async () => {
    const { dir, git } = await withFile();
    await writeFile(join(dir, 'rollout.yaml'), 'mine\n');
    const repository = await opened(dir);
    const text = async (via: ChangeVia) => Buffer.from((await repository.read(via)).content).toString();
    expect([await text('commit'), await text('pull_request'), await text('file')]).toEqual([
      TEXT,
      TEXT,
      'mine\n',
    ]);
    expect((await repository.read('commit')).revision).toBe(await git('rev-parse', 'HEAD'));
    expect(await git('status', '--porcelain')).toBe(' M rollout.yaml');
  });
});
