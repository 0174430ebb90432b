import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../src/worktree/git/turn.ts';
import { open, replacing, TEXT, TO_ZERO, WITH_ZERO, withFile } from '../change-world.ts';

const place = (dir: string, sleep = (milliseconds: number) => setTimeout(milliseconds / 100)) => ({
  ...{ root: dir, path: 'rollout.yaml', shown: 'rollout.yaml' },
  ...{ sleep, random: () => 0.5 },
});

describe('changes of one working tree', () => {
  it('two simultaneous changes of a working tree are made one after the other, and both are complete', async () => {
    const { dir, git } = await withFile();
    const { repository } = await open(join(dir, 'rollout.yaml'));
    const fifty = replacing('percentage: 50', 'percentage: 5', { trailers: ['Rollout-Incident: 13'] });
    const results = await Promise.all([repository.change(TO_ZERO), repository.change(fifty)]);
    expect(results.map(({ state }) => state)).toEqual(['committed', 'committed']);
    expect(await git('status', '--porcelain')).toBe('');
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(WITH_ZERO.replace(': 50', ': 5'));
  });

  it('a change waits for the lock of another process', async () => {
    const { dir } = await withFile();
    const lock = join(dir, '.git', 'rollout.lock');
    await writeFile(lock, String(process.ppid));
    let waited = 0;
    const sleep = async () => {
      waited += 1;
      if (waited === 3) spawnSync('rm', [lock]);
    };
    expect(await inTurn(place(dir, sleep), async () => readFile(lock, 'utf8'))).toBe(String(process.pid));
    expect(waited).toBe(3);
    expect(existsSync(lock)).toBe(false);
  });

  it('a change takes over the lock of a killed process', async () => {
    const { dir, git } = await withFile();
    const dead = spawnSync(process.execPath, ['--version']).pid;
    await writeFile(join(dir, '.git', 'rollout.lock'), String(dead));
    const { repository, pauses } = await open(join(dir, 'rollout.yaml'));
    expect(await repository.change(TO_ZERO)).toMatchObject({ state: 'committed' });
    expect(pauses).toHaveLength(1);
    expect(await git('show', 'HEAD:rollout.yaml')).toBe(WITH_ZERO.trimEnd());
  });

  it('a change that waits for a lock in vain fails with the command that removes the lock', async () => {
    const { dir } = await withFile();
    const lock = join(dir, '.git', 'rollout.lock');
    await writeFile(lock, String(process.ppid));
    const work = inTurn(
      place(dir, async () => {}),
      async () => writeFile(join(dir, 'rollout.yaml'), ''),
    );
    await expect(work).rejects.toMatchObject({
      code: 'git_failed',
      hint: expect.stringContaining(`rm ${lock}`),
    });
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe(TEXT);
  });

  it('a failed change lets the next one proceed', async () => {
    const { dir } = await withFile();
    const failing = inTurn(place(dir), () => Promise.reject(new Error('no')));
    const next = inTurn(place(dir), async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });
});
