import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { gitText } from './git.ts';
import { isRunning } from './process.ts';
import type { Place } from './surroundings.ts';

const PAUSE_MS = 100;
/** A change waits for the network now and then; nobody changes a file for longer than this. */
const LONGEST_WAIT_MS = 180_000;

/** In this process, by the folder of the repository: who came last. */
const lines = new Map<string, Promise<unknown>>();

/**
 * Runs `work` when no other run of the controller changes this working tree: a commit that moves the branch, the
 * index and the file at the same time as another one leaves them as neither meant it. People and their git are not
 * kept waiting; where they are quicker, the work is decided again.
 *
 * A lock that a killed process left behind is taken over. Throws `git_failed` where one is held too long.
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

/** The lock appears with its owner in it: one that is killed before that leaves none. */
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

/** Of several that find a dead lock, one may take it away, and never one that was made since. */
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
