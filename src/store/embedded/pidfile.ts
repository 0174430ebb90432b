import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, sleep } from './process.ts';

/** A running server of a cluster; `ready` when it accepts connections. */
export type RunningServer = { pid: number; port: number; ready: boolean };

/**
 * Finds the running server of the cluster `data` by its pid file; undefined if there is none. Call it under the place's
 * lock.
 *
 * A killed server leaves its file. PostgreSQL clears it itself, except in two cases in which it refuses to start and
 * which are cleared here: the process id now belongs to another program (or to an uncollected zombie), or the file is
 * incomplete.
 */
export async function findServer(data: string): Promise<RunningServer | undefined> {
  const path = join(data, 'postmaster.pid');
  const server = await readWhole(path);
  if (server === 'none' || (server !== 'cut off' && !isAlive(server.pid))) return undefined;
  if (server !== 'cut off' && (await runsOn(server.pid, data))) return server;
  await rm(path, { force: true });
  return undefined;
}

/** A server writes its file in two steps in quick succession; an incomplete file stays as it is. */
async function readWhole(path: string): Promise<RunningServer | 'none' | 'cut off'> {
  for (let look = 0; look < 20; look += 1) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return 'none';
    // Lines: process id, folder, start time, port, socket folder, address, shared memory, state.
    const lines = text.split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (pid > 0 && port > 0) return { pid, port, ready: lines[7]?.trim() === 'ready' };
    await sleep(50);
  }
  return 'cut off';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A server's working folder is its cluster. If the system does not show it, the command line does. */
async function runsOn(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const folder = await realpath(data);
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder;
  }
  const listed = await run('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { timeout: 10_000 });
  return listed.output.includes(folder);
}
