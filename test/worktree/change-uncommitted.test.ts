import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRepository } from '../helpers/projects/git.ts';
import { changedLines, open, opened, replacing, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');

describe('what a person has not committed', () => {
  it('a commit leaves uncommitted work in other files as it is: staged or not, new or deleted', async () => {
    const { dir, git, write } = await withFile();
    await write({ 'staged.txt': 'new\n', 'both.txt': 'one\n' });
    await git('add', 'staged.txt', 'both.txt');
    await write({ 'both.txt': 'two\n', 'untracked.txt': 'mine\n' });
    await git('rm', '--quiet', '--cached', 'other.txt');
    const before = await git('status', '--porcelain');
    expect(await (await opened(dir)).change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(await git('status', '--porcelain')).toBe(before);
    expect(await git('show', ':both.txt')).toBe('one');
    expect(await git('show', '--name-only', '--format=', 'HEAD')).toBe('rollout.yaml');
  });

  it('a commit keeps uncommitted text in rollout.yaml and makes the same edit in it', async () => {
    const { dir, git } = await withFile();
    const theirs = TEXT.replace('percentage: 50', 'percentage: 75 # not yet');
    await writeFile(join(dir, 'rollout.yaml'), theirs);
    await (await opened(dir)).change(TO_ZERO);
    expect(await git('show', 'HEAD:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(
      theirs.replace('percentage: 10 ', 'percentage: 0 '),
    );
    expect(await git('diff', '--unified=0')).toMatch(/- {4}percentage: 50\n\+ {4}percentage: 75 # not yet$/);
    expect(await git('diff', '--cached')).toBe('');
  });

  it('a commit keeps staged text of rollout.yaml staged', async () => {
    const { dir, git } = await withFile();
    const staged = TEXT.replace('percentage: 50', 'percentage: 75');
    await writeFile(join(dir, 'rollout.yaml'), staged);
    await git('add', 'rollout.yaml');
    await writeFile(join(dir, 'rollout.yaml'), staged.replace('# The', '# My'));
    await (await opened(dir)).change(TO_ZERO);
    expect(await git('show', ':rollout.yaml')).toBe(
      WITH_ZERO.replace('percentage: 50', 'percentage: 75').trimEnd(),
    );
    expect(await git('diff', '--unified=0')).toMatch(/-# The desired state\.\n\+# My desired state\.$/);
    expect(await git('status', '--porcelain')).toBe('MM rollout.yaml');
  });

  it('a commit leaves uncommitted text that cannot take the edit as it is, and logs why', async () => {
    const { dir, git } = await withFile();
    await writeFile(join(dir, 'rollout.yaml'), '<<<<<<< mine\n');
    const { repository, log } = await open(join(dir, 'rollout.yaml'));
    const careful = replacing('', '', {
      edit: (text) => {
        if (text.includes('<<<<<<<')) return { refused: { message: 'it does not parse' } };
        return TO_ZERO.edit(text);
      },
    });
    expect(await repository.change(careful)).toMatchObject({ state: 'committed' });
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe('<<<<<<< mine\n');
    expect(log).toEqual([
      expect.stringContaining('what is not committed of it was left without the change: it does not parse'),
    ]);
    expect(await git('show', ':rollout.yaml')).toBe(WITH_ZERO.trimEnd());
  });

  it('a commit leaves rollout.yaml deleted where a person deleted it', async () => {
    const { dir, git } = await withFile();
    await git('rm', '--quiet', 'rollout.yaml');
    const { repository, log } = await open(join(dir, 'rollout.yaml'));
    expect(await repository.change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(await git('status', '--porcelain')).toBe('D  rollout.yaml');
    expect(log).toEqual([expect.stringContaining('the index was left as it is')]);
  });

  it('a commit leaves an unresolved merge conflict as it is', async () => {
    const { dir, git, commit } = await withFile();
    await git('switch', '--quiet', '--create', 'theirs');
    await commit({ 'rollout.yaml': TEXT.replace('percentage: 50', 'percentage: 60') });
    await git('switch', '--quiet', 'main');
    await commit({ 'rollout.yaml': TEXT.replace('percentage: 50', 'percentage: 70') });
    await git('merge', 'theirs').catch(() => {});
    const stages = await git('ls-files', '--unmerged');
    await (await opened(dir)).change(TO_ZERO);
    expect(await git('ls-files', '--unmerged')).toBe(stages);
    expect(await git('show', 'HEAD:rollout.yaml')).toContain('percentage: 70');
  });

  it('after an interrupted run the next one makes the commit and leaves a clean checkout', async () => {
    const { dir, git } = await withFile();
    // What a run that ended before it moved the branch has done: the file, then the index.
    await writeFile(join(dir, 'rollout.yaml'), WITH_ZERO);
    await git('add', 'rollout.yaml');
    expect(await (await opened(dir)).change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(await git('status', '--porcelain')).toBe('');
  });
});

describe('line ends', () => {
  it('a commit keeps the CRLF line ends of a file committed with them', async () => {
    const repository = await withFile(crlf(TEXT));
    await (await opened(repository.dir)).change(TO_ZERO);
    expect(await readFile(join(repository.dir, 'rollout.yaml'), 'utf8')).toBe(crlf(WITH_ZERO));
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await changedLines(repository, 'HEAD')).toHaveLength(2);
  });

  it.each([
    [
      'core.autocrlf',
      async (git: (...args: string[]) => Promise<string>) => git('config', 'core.autocrlf', 'true'),
    ],
    ['an attribute', async () => ''],
  ])(
    'line ends that git converts by %s are LF in the commit and CRLF in the folder',
    async (by, configure) => {
      const repository = await gitRepository();
      const { dir, git, commit } = repository;
      await configure(git);
      const attributes: Record<string, string> =
        by === 'an attribute' ? { '.gitattributes': '*.yaml eol=crlf\n' } : {};
      await commit({ 'rollout.yaml': crlf(TEXT), ...attributes }, 'first');
      expect(await git('show', 'HEAD:rollout.yaml')).toBe(TEXT.trimEnd());
      const opener = await opened(dir);
      await opener.change(TO_ZERO);
      expect(await git('show', 'HEAD:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
      expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(crlf(WITH_ZERO));
      expect(await git('status', '--porcelain')).toBe('');
      await writeFile(join(dir, 'rollout.yaml'), crlf(WITH_ZERO.replace('# The', '# My')));
      await opener.change(replacing('percentage: 50', 'percentage: 25'));
      expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(
        crlf(WITH_ZERO.replace('# The', '# My').replace('percentage: 50', 'percentage: 25')),
      );
    },
  );
});
