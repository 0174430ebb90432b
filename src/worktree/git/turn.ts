import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { gitText } from './git.ts';
import { isRunning } from './process.ts';
import type { Place } from './surroundings.ts';

const PAUSE_MS = 100;
/** Longest wait: a change may wait for the network, but never for longer than this. */
const LONGEST_WAIT_MS = 180_000;

/** The last queued run of this process, by the repository's folder. */
const lines = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other run of the controller changes this working tree: two runs that move branch, index and file
 * at the same time would leave a state that neither intended. People and their git are not blocked; if they are
 * quicker, the work is decided again.
 *
 * A lock of a killed process is taken over. Throws `git_failed` if a lock is held too long.
 */
export async function inTurn<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const folder = await gitText(place.root, 'rev-parse', '--absolute-git-dir');
  const before = lines.get(folder) ?? Promise.resolve();
  const mine = before.then(() => locked(place, join(folder, 'rollout.lock'), work));
  const settled = mine.catch(() => {});
  lines.set(folder, settled);
  try {
    return await mine;
  } finally {
    if (lines.get(folder) === settled) lines.delete(folder);
  }
}

async function locked<T>(place: Place, lock: string, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; !(await taken(lock)); waited += PAUSE_MS) {
    if (waited >= LONGEST_WAIT_MS) {
      throw new RolloutError('git_failed', `another run has been changing ${place.shown} for a long time`, {
        hint: `wait for it, or if none is running: rm ${lock}`,
      });
    }
    await place.sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** The lock is created together with its owner's id, so a process that is killed before that leaves none. */
async function taken(lock: string): Promise<boolean> {
  const mine = `${lock}.${process.pid}`;
  try {
    await writeFile(mine, String(process.pid));
    await link(mine, lock);
    return true;
  } catch (error) {
    if (!(errorCode(error) === 'EEXIST')) throw error;
  } finally {
    await rm(mine, { force: true });
  }
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (owner > 0 && !isRunning(owner)) await takeAway(lock, owner);
  return false;
}

/** Removes a dead lock: of several processes that find it, only one may, and never a lock that was created since. */
async function takeAway(lock: string, owner: number): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  try {
    await rename(lock, aside);
  } catch {
    return; // Somebody else was quicker.
  }
  if (Number(await readFile(aside, 'utf8')) === owner) await rm(aside, { force: true });
  else await rename(aside, lock);
}
