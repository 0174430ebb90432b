import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'rollout-test-';
const SHARED_MEMORY = '/dev/shm';
/** More than the databases of a run ever have at one time. */
const ENOUGH_BYTES = 3 * 1024 ** 3;

/**
 * Makes a folder for things of one test run, and sees to it that it goes with the
 * run: at its end, when it is interrupted, and, if it is killed, at the start of the next run.
 */
export function makeRunFolder(around = tmpdir()): { path: string; remove(): void } {
  for (const name of readdirSync(around)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(owner) && !isAlive(owner)) removeWithServers(join(around, name));
  }
  const path = realpathSync(mkdtempSync(join(around, `${prefix}${process.pid}-`)));
  chmodSync(path, 0o755); // where root runs the tests, the server is another user and must get in
  const remove = (): void => {
    process.off('exit', remove);
    removeWithServers(path);
  };
  process.on('exit', remove); // Vitest's way out on SIGINT and SIGTERM, without any teardown
  return { path, remove };
}

/**
 * Where the databases live: in memory, if the machine has room for them there. A database has hundreds of files, and
 * a run makes and drops many hundreds of databases. Containers often have only a few megabytes of shared memory.
 */
export function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? SHARED_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Ends at once whatever server runs on a cluster in the folder, and removes the folder. */
function removeWithServers(folder: string): void {
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('postmaster.pid')) endServer(join(folder, name));
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
  } catch {
    // Another user's, who removes it; or a second run is removing it just now.
  }
}

function endServer(file: string): void {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (pid > 1) process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended meanwhile.
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended, but that its parent has not collected, is not alive.
    if (process.platform === 'linux') return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}
