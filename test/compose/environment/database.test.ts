import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openController } from '../../../src/compose/controller.ts';
import { gitRepository } from '../../helpers/projects/git.ts';

describe('the embedded database of a folder', () => {
  it('git ignores the embedded database’s folder, so that nobody commits it by accident', async () => {
    const repository = await gitRepository();
    // root's server lives elsewhere; the folder is there all the same
    await mkdir(join(repository.dir, '.rollout'));
    await writeFile(join(repository.dir, '.rollout', 'left'), 'behind');
    const controller = await openController({
      file: join(repository.dir, 'rollout.yaml'),
      environment: {},
      log: () => {},
    });
    await controller.close();
    expect(await repository.git('status', '--porcelain', '--untracked-files=all')).not.toContain('.rollout');
  });

  it('no second embedded database is created below the folder of the file, where a stop would stop nothing', async () => {
    const repository = await gitRepository();
    await repository.commit({ 'rollout.yaml': 'version: 1\n' });
    const below = join(repository.dir, 'docs', 'more');
    await mkdir(below, { recursive: true });
    const opening = openController({ file: join(below, 'rollout.yaml'), environment: {}, log: () => {} });
    await expect(opening).rejects.toMatchObject({
      code: 'file_missing',
      message: expect.stringContaining('there is no rollout.yaml in this folder, and no database of its own'),
      hint: expect.stringMatching(/add: --file .*rollout\.yaml$/),
    });
    expect(await readdir(below)).toEqual([]);
  });

  it('an embedded database that came with a commit is refused: its settings could run commands', async () => {
    const repository = await gitRepository();
    const folder = join(repository.dir, '.rollout', 'postgres', 'cluster');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'postgresql.conf'), "archive_command = 'touch taken'\n");
    await repository.git('add', '--force', '.rollout');
    const opening = openController({
      file: join(repository.dir, 'rollout.yaml'),
      environment: {},
      log: () => {},
    });
    await expect(opening).rejects.toMatchObject({
      code: 'embedded_failed',
      message: '.rollout is in the repository, and a database is never taken from a commit',
      hint: expect.stringContaining('git rm -r --cached .rollout'),
    });
  });
});
