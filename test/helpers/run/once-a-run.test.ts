import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onceARun } from './once-a-run.ts';

it('a shared folder is made by the first caller of a run, and all others get it complete', async () => {
  let made = 0;
  const fill = async (folder: string) => {
    made += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(join(folder, 'text'), 'whole');
  };
  const folders = await Promise.all([1, 2, 3].map(() => onceARun('shared', fill)));
  expect(made).toBe(1);
  expect(new Set(folders).size).toBe(1);
  expect(await readFile(join(folders[0] ?? '', 'text'), 'utf8')).toBe('whole');
  expect(await onceARun('shared', fill)).toBe(folders[0]);
});

it('a shared folder that cannot be made fails for every caller, with the reason', async () => {
  const fill = () => Promise.reject(new Error('no room'));
  const [first, second] = await Promise.allSettled([onceARun('absent', fill), onceARun('absent', fill)]);
  for (const one of [first, second]) {
    expect(one).toMatchObject({
      status: 'rejected',
      reason: { message: 'cannot make absent: Error: no room' },
    });
  }
});
