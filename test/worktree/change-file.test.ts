import { spawnSync } from 'node:child_process';
import { writeFileSync as writeSync } from 'node:fs';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChangeVia } from '../../src/app/ports/configuration-repository.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { opened, TEXT, TO_ZERO, WITH_ZERO, withFile } from './change-world.ts';

async function plain(text: string | Buffer = TEXT): Promise<{ dir: string; file: string }> {
  const dir = await temporaryFolder();
  const file = join(dir, 'rollout.yaml');
  await writeFile(file, text);
  return { dir, file };
}

describe('a change of a file outside a repository', () => {
  it.each(['commit', 'pull_request', 'file'] satisfies ChangeVia[])(
    'a change by %s edits a file outside a repository in place',
    async (via) => {
      const { dir, file } = await plain();
      const repository = await opened(dir);
      expect(await repository.change({ ...TO_ZERO, via })).toEqual({ state: 'edited' });
      expect(await readFile(file, 'utf8')).toBe(WITH_ZERO);
      expect(await repository.change({ ...TO_ZERO, via })).toEqual({ state: 'unchanged', commit: null });
      await repository.withdraw('rollout/hold/checkout', 'there are no branches here');
    },
  );

  it('a change in place keeps mode, byte order mark and line ends, and leaves no other file in the folder', async () => {
    const text = `\ufeff${TEXT.replaceAll('\n', '\r\n')}`;
    const { dir, file } = await plain(text);
    await chmod(file, 0o640);
    await (await opened(dir)).change(TO_ZERO);
    expect(await readFile(file, 'utf8')).toBe(`\ufeff${WITH_ZERO.replaceAll('\n', '\r\n')}`);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(dir)).toEqual(['rollout.yaml']);
  });

  it('a change replaces the file as a whole, so a reader with the old file open reads it to the end', async () => {
    const { dir, file } = await plain();
    const before = await stat(file);
    await (await opened(dir)).change(TO_ZERO);
    expect((await stat(file)).ino).not.toBe(before.ino);
  });

  it('a change removes temporary files of killed processes, but not of running ones or other files', async () => {
    const { dir } = await plain();
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const left = [
      `.rollout.yaml.${dead}.rollout-new`,
      `.rollout.yaml.1.rollout-new`,
      `.other.${dead}.rollout-new`,
    ];
    for (const name of left) await writeFile(join(dir, name), 'half');
    await (await opened(dir)).change(TO_ZERO);
    expect((await readdir(dir)).sort()).toEqual([...left.slice(1), 'rollout.yaml'].sort());
  });

  it('a change is decided again when somebody saves the file meanwhile', async () => {
    const { dir, file } = await plain();
    let first = true;
    const change = {
      ...TO_ZERO,
      edit: (text: string) => {
        if (first) writeSync(file, TEXT.replace(': 50', ': 75'));
        first = false;
        return TO_ZERO.edit(text);
      },
    };
    expect(await (await opened(dir)).change(change)).toEqual({ state: 'edited' });
    expect(await readFile(file, 'utf8')).toBe(WITH_ZERO.replace(': 50', ': 75'));
  });

  it('a change leaves a file that is not UTF-8 alone, and the error has the next step', async () => {
    const { dir, file } = await plain(Buffer.from([0x61, 0x3a, 0xe4, 0x0a]));
    await expect((await opened(dir)).change(TO_ZERO)).rejects.toMatchObject({
      code: 'edit_refused',
      hint: `see where: rollout validate --file ${file}`,
    });
  });
});

describe('a change by file in a git working tree', () => {
  it('a change by file in a git working tree edits the file, keeps uncommitted text and commits nothing', async () => {
    const { dir, git, write } = await withFile();
    await write({ 'rollout.yaml': TEXT.replace(': 50', ': 75') });
    const head = await git('rev-parse', 'HEAD');
    expect(await (await opened(dir)).change({ ...TO_ZERO, via: 'file' })).toEqual({ state: 'edited' });
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(WITH_ZERO.replace(': 50', ': 75'));
    expect(await git('rev-parse', 'HEAD')).toBe(head);
    expect(await git('status', '--porcelain')).toBe(' M rollout.yaml');
  });
});
