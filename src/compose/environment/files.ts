import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../../lib/error-text.ts';
import { packageRoot } from '../../lib/package-root.ts';

export { readConfigurationFile } from '../../worktree/file/read-file.ts';
export { checkedOutRevision } from '../../worktree/working-tree.ts';

/** Writes the schema to the path that a written file's first line gives to editors; false if it exists. */
export async function copySchema(to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  const from = join(packageRoot(), 'schema', 'rollout.schema.json');
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
