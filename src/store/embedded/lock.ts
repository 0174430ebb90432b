import { closeSync, constants, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { sleep } from './process.ts';

/**
 * Runs `work` while no other process (and no other caller in this one) is inside for the same folder.
 *
 * The operating system owns the lock, which ends with its process in any case. So there is no stale lock, and none of
 * the races of a lock file that must be checked and broken: two processes that both see a dead owner, or a process id
 * that now belongs to another program.
 *
 * It holds for one machine (on Linux: one network namespace, which is also how far 127.0.0.1 reaches). Throws
 * `embedded_failed` when it is not free within `patience` milliseconds.
 */
export async function exclusively<T>(folder: string, patience: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  let release = await tryLock(folder);
  while (release === undefined) {
    if (Date.now() > deadline) {
      throw new RolloutError(
        'embedded_failed',
        `another command has been starting or stopping the database in ${folder} for ${patience / 1000} s`,
        { hint: 'look for a suspended or hanging rollout command, end it, and run this one again' },
      );
    }
    await sleep(20 + Math.random() * 20);
    release = await tryLock(folder);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

type Release = () => Promise<void>;

/** The name is the folder's identity, not its path: a link or another spelling gives the same lock. */
function tryLock(folder: string): Promise<Release | undefined> {
  const { dev, ino } = statSync(folder, { bigint: true });
  const name = `rollout-embedded-${dev}-${ino}`;
  if (process.platform === 'linux') return tryListen(`\0${name}`);
  if (process.platform === 'win32') return tryListen(`\\\\.\\pipe\\${name}`);
  return Promise.resolve(tryOpen(join(folder, 'lock')));
}

/** A name in Linux's abstract socket namespace, or a named pipe: only one process can listen on it. */
function tryListen(path: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ path }, () => resolve(() => new Promise((closed) => server.close(() => closed()))));
  });
}

/** `O_EXLOCK` of macOS and BSD: opening the file takes the lock. The file remains and has no meaning. */
function tryOpen(path: string): Release | undefined {
  const exclusiveLock = 0x20;
  const flags = constants.O_RDONLY | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock;
  try {
    const descriptor = openSync(path, flags, 0o644);
    return async () => closeSync(descriptor);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
