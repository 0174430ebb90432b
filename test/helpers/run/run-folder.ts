import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'rollout-test-';

/**
 * Makes the folder in which everything of one test run lives, and sees to it that it goes with the
 * run: at its end, when it is interrupted, and, if it is killed, at the start of the next run.
 */
export function makeRunFolder(): { path: string; remove(): void } {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(owner) && !isAlive(owner)) removeWithServers(join(tmpdir(), name));
  }
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`)));
  chmodSync(path, 0o755); // where root runs the tests, the server is another user and must get in
  const remove = (): void => {
    process.off('exit', remove);
    removeWithServers(path);
  };
  process.on('exit', remove); // Vitest's way out on SIGINT and SIGTERM, without any teardown
  return { path, remove };
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
