import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { isAlive } from './run-folder.ts';

/**
 * A folder that the first test file of a run which asks for it fills, and all others share: they wait until it is full,
 * and fail as the first one did. Nobody may change what is in it.
 */
export async function onceARun(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const around = join(inject('folder'), `once-${name}`);
  const folder = join(around, 'filled');
  const maker = join(around, 'maker');
  const outcome = join(around, 'outcome');
  const first = await mkdir(around).then(
    () => true,
    () => false,
  );
  if (first) {
    await writeWhole(maker, String(process.pid));
    await mkdir(folder);
    const problem = await fill(folder).then(
      () => '',
      (error: unknown) => String(error),
    );
    await writeWhole(outcome, problem);
  }
  while (!existsSync(outcome)) {
    if (existsSync(maker) && !isAlive(Number(await readFile(maker, 'utf8'))) && !existsSync(outcome))
      throw new Error(`the test file that began to make ${name} ended before it was made`);
    await sleep(50);
  }
  const problem = await readFile(outcome, 'utf8');
  if (problem !== '') throw new Error(`cannot make ${name}: ${problem}`);
  return folder;
}

/** Whoever sees the file sees all of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
