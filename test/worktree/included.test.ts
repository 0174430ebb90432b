import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { partsOfBytes } from '../../src/domain/change/bundle.ts';
import { readConfigurationFile } from '../../src/worktree/file/read-file.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { gitRepository, type TestRepository, temporaryFolder } from '../helpers/projects/git.ts';
import { gitProject, project } from '../helpers/projects/project.ts';

const MAIN = 'version: 1\ninclude: [rollouts/*.yaml]\nfeatures:\n  main: { percentage: 5 }\n';
const DATA = '# Ours.\nfeatures:\n  one: { percentage: 10, active: true }   # quiet\n';
const WEB = 'features:\n  two: { percentage: 20 }\n';
const FILES = { 'rollout.yaml': MAIN, 'rollouts/data.yaml': DATA, 'rollouts/web.yaml': WEB };

async function inGit(folder = ''): Promise<{ repository: TestRepository; file: string }> {
  const repository = await gitRepository();
  const files = Object.entries(FILES).map(([path, text]) => [join(folder, path), text]);
  await repository.commit({ ...Object.fromEntries(files), 'rollouts.md': 'no' });
  return { repository, file: join(repository.dir, folder, 'rollout.yaml') };
}

const paths = (content: Uint8Array) => partsOfBytes(content).included.map(({ path }) => path);
const change = (edit: (text: string) => string, via: 'commit' | 'pull_request' | 'file') => ({
  ...{ edit: (text: string) => ({ text: edit(text) }), via, branch: 'rollout/set/x', title: 'Change it' },
  ...{ body: 'because', trailers: ['Rollout-Feature: one'] },
});
const lower = (text: string) => text.replace('percentage: 10', 'percentage: 1');

describe('a configuration of several files in a working tree', () => {
  it.each(['', 'ops/live'])(
    'a configuration of several files is read and written in the right files, in folder "%s"',
    async (folder) => {
      const { repository, file } = await inGit(folder);
      const at = (path: string) => join(folder, path);
      const tree = await openWorkingTree(file);
      expect(paths((await tree.readTip()).content)).toEqual(['rollouts/data.yaml', 'rollouts/web.yaml']);
      const done = await tree.change(change(lower, 'commit'));
      expect(done.state).toBe('committed');
      expect(await repository.git('show', '--stat=200', '--format=', 'HEAD')).toMatch(
        /data\.yaml.*\n 1 file changed/s,
      );
      expect(`${await repository.git('show', `HEAD:${at('rollouts/data.yaml')}`)}\n`).toBe(lower(DATA));
      expect(await repository.git('status', '--short')).toBe('');
      expect(await tree.change(change(lower, 'commit'))).toMatchObject({
        state: 'unchanged',
        commit: await repository.git('rev-parse', 'HEAD'),
      });
      const all = (text: string) => lower(text).replace(/percentage: (5|20)/g, 'percentage: 0');
      await tree.change(change(all, 'commit'));
      expect(await repository.git('show', '--name-only', '--format=', 'HEAD')).toBe(
        [at('rollout.yaml'), at('rollouts/web.yaml')].sort().join('\n'),
      );
      expect(await repository.git('status', '--short')).toBe('');
    },
  );

  it('a commit to an included file keeps its uncommitted text and makes the same edit in it', async () => {
    const { repository, file } = await inGit();
    const tree = await openWorkingTree(file);
    await repository.write({ 'rollouts/data.yaml': `${DATA}  mine: {}\n` });
    await tree.change(change(lower, 'commit'));
    expect(await repository.git('diff', 'HEAD')).toContain('+  mine: {}');
    expect(await repository.git('diff', '-U0', 'HEAD')).not.toContain('percentage');
    await expect(tree.readTip()).rejects.toThrow('rollout.yaml has changes that are not committed');
  });

  it('a proposal for an included file is made once and rebuilt when that file changed', async () => {
    const { repository, file } = await inGit();
    const tree = await openWorkingTree(file);
    await tree.change(change(lower, 'pull_request'));
    const branch = () => repository.git('rev-parse', 'rollout/set/x');
    const first = await branch();
    expect(`${await repository.git('show', 'rollout/set/x:rollouts/data.yaml')}\n`).toBe(lower(DATA));
    await tree.change(change(lower, 'pull_request'));
    expect(await branch()).toBe(first);
    await repository.commit({ 'rollouts/data.yaml': `${DATA}  more: {}\n` });
    await tree.change(change(lower, 'pull_request'));
    expect(await branch()).not.toBe(first);
    expect(await repository.git('show', 'rollout/set/x:rollouts/data.yaml')).toContain('more: {}');
    expect(`${await repository.git('show', 'main:rollouts/data.yaml')}\n`).toBe(`${DATA}  more: {}\n`);
  });

  it('an include that is a link, or lies in a linked folder, is refused, committed or not', async () => {
    const { repository, file } = await inGit();
    await symlink('/etc/hostname', join(repository.dir, 'rollouts/link.yaml'));
    await expect(readConfigurationFile(file)).rejects.toThrow(
      'include names rollouts/link.yaml, which is a symbolic link',
    );
    await repository.git('add', '.');
    await repository.git('commit', '--quiet', '-m', 'a link');
    const tree = await openWorkingTree(file);
    await expect(tree.readTip()).rejects.toThrow(
      'include names rollouts/link.yaml, which is a symbolic link',
    );
    await repository.git('rm', '--quiet', '-r', 'rollouts');
    await symlink(await temporaryFolder(), join(repository.dir, 'rollouts'));
    await expect(readConfigurationFile(file)).rejects.toThrow(
      'include names rollouts, which is a symbolic link',
    );
    await repository.git('add', '.');
    await repository.git('commit', '--quiet', '-m', 'a linked folder');
    await expect(tree.readTip()).rejects.toThrow('include names rollouts, which is a symbolic link');
  });

  it('an included file with a NUL, which could pass for two files, is refused', async () => {
    const { repository, file } = await inGit();
    await repository.write({ 'rollouts/web.yaml': `${WEB}\0rollouts/x.yaml\0features: { x: {} }` });
    await expect(readConfigurationFile(file)).rejects.toThrow('rollouts/web.yaml has a NUL character');
    await repository.write({ 'rollout.yaml': '\0files\0version: 1\0x.yaml\0features: {}\ninclude' });
    await expect(readConfigurationFile(file)).rejects.toThrow('rollout.yaml has a NUL character');
  });

  it('one file that passes for several without an include is refused, committed or not', async () => {
    const { repository, file } = await inGit();
    const forged = '\0files\0version: 1\nfeatures: {}\n\0../outside.yaml\0features: { x: {} }\n';
    await repository.write({ 'rollout.yaml': forged });
    await expect(readConfigurationFile(file)).rejects.toThrow('rollout.yaml has a NUL character');
    await repository.commit({ 'rollout.yaml': forged });
    const tree = await openWorkingTree(file);
    await expect(tree.readTip()).rejects.toThrow('rollout.yaml has a NUL character');
    await expect(tree.change(change((text) => text, 'commit'))).rejects.toThrow(
      'rollout.yaml has a NUL character',
    );
  });
});

describe('a configuration of several plain files', () => {
  it('a configuration of plain files is applied, edited in the owning file and left readable', async () => {
    const made = await project();
    await made.write(MAIN);
    const { mkdir, readFile, writeFile } = await import('node:fs/promises');
    await mkdir(join(made.dir, 'rollouts'));
    await writeFile(join(made.dir, 'rollouts/data.yaml'), DATA);
    await made.reconcile();
    const set = await made.cli(['set', 'one', '5', '--yes']);
    expect([set.code, set.stderr]).toEqual([0, '']);
    expect(await readFile(join(made.dir, 'rollouts/data.yaml'), 'utf8')).toBe(DATA.replace('10', '5'));
    expect(await readFile(made.file, 'utf8')).toBe(MAIN);
  });
});

describe('the controller over several files', () => {
  it('reconcile of several files refuses only a broken feature; a rollback edits the owning file', async () => {
    const made = await gitProject();
    await made.repository.commit({
      ...FILES,
      'rollout.yaml': `${MAIN}defaults: { rollback: { fuse: false } }\n`,
    });
    await made.reconcile();
    const live = async () =>
      Object.fromEntries(
        (
          await made.db.rows<{ f: string; p: number }>(
            'select feature_name as f, rollout_percentage::float8 as p from rollout_configuration where is_active order by 1',
          )
        ).map(({ f, p }) => [f, p]),
      );
    expect(await live()).toEqual({ main: 5, one: 10, two: 20 });
    const rolled = await made.cli(['rollback', 'one', '--reason', 'it fails']);
    expect([rolled.code, rolled.stderr]).toEqual([0, '']);
    expect(await made.repository.git('show', 'HEAD:rollouts/data.yaml')).toContain('active: false');
    expect(await made.repository.git('show', '--name-only', '--format=', 'HEAD')).toBe('rollouts/data.yaml');
    expect(await live()).toEqual({ main: 5, two: 20 });
    await made.repository.commit({ 'rollouts/web.yaml': WEB.replace('20', '200') });
    const plan = await made.cli(['plan']);
    expect([plan.code, plan.stdout]).toEqual([
      1,
      expect.stringContaining('rollouts/web.yaml:2:22: error: percentage is 200'),
    ]);
    const { changes } = await made.reconcile();
    expect(changes.map(({ feature, action }) => [feature, action])).toEqual([['two', 'refused']]);
    await made.repository.git('revert', '--no-edit', 'HEAD');
    expect((await made.reconcile()).changes).toEqual([]);
  });

  it('an incident is reopened when a revert in an included file undoes its rollback', async () => {
    const made = await gitProject();
    await made.repository.commit(FILES);
    await made.reconcile();
    await made.cli(['rollback', 'one', '--reason', 'it fails']);
    await made.reconcile();
    await made.repository.git('revert', '--no-edit', 'HEAD');
    const { changes } = await made.reconcile();
    expect(changes).toMatchObject([
      { feature: 'one', action: 'held', reason: { code: 'reopened', settlement: 'reverted' } },
    ]);
  });
});
