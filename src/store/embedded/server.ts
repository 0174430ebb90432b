import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import { findServer } from './pidfile.ts';
import type { Place } from './place.ts';
import { run, serverEnvironment, sleep } from './process.ts';

export type ServerOptions = { durable: boolean; maxConnections: number };

const logName = 'server.log';
const rotateAt = 1024 * 1024; // bytes

/**
 * Starts a server on the cluster `data`, and returns once there is one. Call it under the place's lock.
 *
 * The server has its own session, so neither the end of this process nor Ctrl-C in its terminal reaches it. A server
 * may exist although this start failed: a killed command left it in the middle of its own start. `deadline` is in
 * milliseconds since 1970. Throws `embedded_failed`.
 */
export async function startServer(
  place: Place,
  data: string,
  binaries: Binaries,
  options: ServerOptions,
  deadline: number,
): Promise<void> {
  for (;;) {
    const output = await launch(place, data, binaries, options, deadline);
    if (output === undefined || (await findServer(data)) !== undefined) return;
    if (!passing.test(output) || Date.now() > deadline) throw notStarted(place, output);
    await sleep(100);
  }
}

/** Temporary errors: another program took the free port first, or a killed server's processes are still ending. */
const passing =
  /could not create any TCP\/IP sockets|pre-existing shared memory block|lock file "postmaster.pid"/;

/** Stops the server and waits for its end. Returns why it did not stop, or undefined if it did. */
export async function stopServer(
  place: Place,
  data: string,
  binaries: Binaries,
  patience: number,
): Promise<string | undefined> {
  const seconds = Math.max(1, Math.ceil(patience / 1000));
  const stopped = await run(
    binaries.pgCtl,
    ['stop', '--pgdata', data, '--mode=fast', '--wait', '--timeout', `${seconds}`, '--silent'],
    { cwd: place.dir, identity: place.identity, timeout: patience + 5_000 },
  );
  return stopped.code === 0 ? undefined : stopped.output;
}

/**
 * One attempt: takes a port, starts a process, and waits until it is ready. Returns undefined, or the output of a
 * server that ended or is late.
 */
async function launch(
  place: Place,
  data: string,
  binaries: Binaries,
  options: ServerOptions,
  deadline: number,
): Promise<string | undefined> {
  const log = await openLog(place);
  try {
    const before = (await log.stat()).size;
    const child = spawn(binaries.postgres, ['-D', data, ...settings(await freePort(), options)], {
      cwd: place.dir,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: serverEnvironment(),
      windowsHide: true,
      ...place.identity,
    });
    let ended: string | undefined;
    child.on('error', (error) => {
      ended = error.message;
    });
    child.on('exit', (code, signal) => {
      ended ??= `It ended with ${signal ?? `code ${code}`}.`;
    });
    child.unref();
    while (ended === undefined && Date.now() < deadline) {
      const found = await findServer(data);
      if (found?.pid === child.pid && found?.ready) return undefined;
      await sleep(20);
    }
    const text = (await readFile(join(place.dir, logName))).subarray(before).toString('utf8');
    return `${text}${ended ?? 'It is still busy.'}`;
  } finally {
    await log.close();
  }
}

function settings(port: number, options: ServerOptions): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: options.maxConnections,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Appends to the log, whose last full megabyte is kept as `server.log.1`; it belongs to the server's user. */
async function openLog(place: Place): Promise<FileHandle> {
  const path = join(place.dir, logName);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > rotateAt) await rename(path, `${path}.1`);
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const log = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  if (place.identity !== undefined) await log.chown(place.identity.uid, place.identity.gid);
  return log;
}

function notStarted(place: Place, output: string): RolloutError {
  const lines = output.trim().split('\n').slice(-12).join('\n');
  const log = join(place.dir, logName);
  return new RolloutError('embedded_failed', `the database in ${place.dir} did not start:\n${lines}`, {
    hint: `run the command again; if it stays so, read ${log}, then remove ${place.dir} to begin anew without its data, or set DATABASE_URL`,
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
