import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file by another content in one step: who reads it sees the old one or the new one, whole.
 * False, and nothing is done: it no longer has the content that the new one was made from.
 */
export async function replaceFile(
  path: string,
  before: Uint8Array,
  content: string | Uint8Array,
): Promise<boolean> {
  // A link stays a link: what it points to is replaced.
  const target = await realpath(path);
  const { mode, uid, gid } = await stat(target);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.rollout-new`);
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
    if (same) await rename(temporary, target);
    return same;
  } finally {
    await rm(temporary, { force: true });
  }
}
