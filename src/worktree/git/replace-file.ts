import {
  chmod,
  chown,
  copyFile,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../lib/error-text.ts';
import { isRunning } from './process.ts';

/** How the new content is called until it takes the place of the old: the file, and the process that writes it. */
const UNFINISHED = /^\.(.+)\.(\d+)\.rollout-new$/;

/**
 * Replaces a file by another content in one step: who reads it sees the old one or the new one, whole.
 * False, and nothing is done: it no longer has the content that the new one was made from.
 *
 * `scratch` is where the new content is written first: beside the file, unless it lies in a working tree, whose
 * status must not show what a killed process left behind. The next one sweeps it away.
 */
export async function replaceFile(
  path: string,
  before: Uint8Array,
  content: string | Uint8Array,
  scratch?: string,
): Promise<boolean> {
  // A link stays a link: what it points to is replaced.
  const target = await realpath(path);
  const { mode, uid, gid } = await stat(target);
  const folder = scratch ?? dirname(target);
  await sweep(folder, basename(target));
  const temporary = join(folder, `.${basename(target)}.${process.pid}.rollout-new`);
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, mode);
    // Run by root, the file stays its owner's; elsewhere it is ours anyway or may not be given away.
    await chown(temporary, uid, gid).catch(() => {});
    const same = (await readFile(target)).equals(before);
    if (same) await move(temporary, target);
    return same;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A repository may be kept on another file system than its working tree; then the last step is one beside the file. */
async function move(temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (error) {
    if (!(errorCode(error) === 'EXDEV')) throw error;
    const beside = join(dirname(target), basename(temporary));
    try {
      const { mode, uid, gid } = await stat(temporary);
      await copyFile(temporary, beside);
      await chmod(beside, mode);
      await chown(beside, uid, gid).catch(() => {});
      await rename(beside, target);
    } finally {
      await rm(beside, { force: true });
    }
  }
}

/** Takes away what processes that are gone had begun to write for this file. */
async function sweep(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const [, file, pid] = UNFINISHED.exec(entry) ?? [];
    if (file === name && !isRunning(Number(pid))) await rm(join(folder, entry), { force: true });
  }
}
