import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errorCode } from '../../lib/error-text.ts';
import { randomId } from '../../lib/portable/uuid.ts';
import type { SnapshotCache } from '../host/options.ts';

export type { SnapshotCache } from '../host/options.ts';

/**
 * Stores the snapshot in a file on this machine: `createRollout({ ..., cache: cacheFile('/var/cache/app/rollout.json')
 * })`.
 *
 * It is replaced in one step, so a reader finds either the whole new one or the whole old one. It names subjects, so
 * only its owner can read it.
 */
export function cacheFile(path: string): SnapshotCache {
  return {
    read: async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (text) => {
      const beside = `${path}.${randomId()}`;
      try {
        await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
        await rename(beside, path);
      } catch (error) {
        // It names subjects, and on a full disk each attempt would leave another one.
        await rm(beside, { force: true }).catch(() => {});
        throw error;
      }
    },
  };
}
