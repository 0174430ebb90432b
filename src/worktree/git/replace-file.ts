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

/** Temporary name of the new content: the file's name and the writing process's id. */
const UNFINISHED = /^\.(.+)\.(\d+)\.rollout-new$/;

/**
 * Replaces a file in one step: readers see either the whole old or the whole new content. False, without any effect:
 * the file no longer has the content on which the new one is based.
 *
 * `scratch` is the folder in which the new content is written first: the file's own, unless that is in a working tree,
 * whose status must not show the remains of a killed process. The next run removes such remains.
 */
export async function replaceFile(
  path: string,
  before: Uint8Array,
  content: string | Uint8Array,
  scratch?: string,
): Promise<boolean> {
  // A link stays a link: its target is replaced.
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
    // As root, keeps the file's owner; other users either own the file already or may not change its owner.
    await chown(temporary, uid, gid).catch(() => {});
    const same = (await readFile(target)).equals(before);
    if (same) await move(temporary, target);
    return same;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * A repository may be on another file system than its working tree; then the file is first moved into the target's
 * folder.
 */
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

/** Removes unfinished files of processes that no longer exist. */
async function sweep(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const [, file, pid] = UNFINISHED.exec(entry) ?? [];
    if (file === name && !isRunning(Number(pid))) await rm(join(folder, entry), { force: true });
  }
}
