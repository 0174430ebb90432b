import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compiled } from '../processes/compiled.ts';
import { temporaryFolder } from '../projects/git.ts';
import { atEnd } from '../run/at-end.ts';
import { isAlive } from '../run/run-folder.ts';

/** A command in a process of its own that has joined an embedded database. */
export type Member = {
  child: ChildProcess;
  connectionString: string;
  port: string;
  folder: string;
  logged: string[];
  sql(text: string): Promise<Record<string, unknown>[]>;
  /** Leaves and ends. */
  leave(): Promise<void>;
  /** Ends without leaving, as a command that forgot to. */
  finish(): Promise<void>;
  /** Sends a signal and waits for the end; returns the signal it died of, or null. */
  kill(signal: NodeJS.Signals): Promise<NodeJS.Signals | null>;
};

type User = { uid: number; gid: number };

/** Folders of the file that runs now: a test that timed out goes on by itself, and starts nothing more. */
const open = new Set<string>();

/** A folder that another user may enter, with the embedded database's folder to be made in it. */
export async function embeddedFolder(): Promise<string> {
  const around = await temporaryFolder();
  await chmod(around, 0o755);
  const folder = join(around, 'postgres');
  open.add(folder);
  // What a failed test left behind goes too.
  atEnd(() => {
    open.delete(folder);
    const pid = serverPid(folder);
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGQUIT');
  });
  return folder;
}

let prepared: Promise<string> | undefined;

/** A folder whose cluster was used before and left in good order: table `kept` has the row 7. */
export async function usedFolder(): Promise<string> {
  if (prepared === undefined) {
    prepared = prepare();
    atEnd(() => {
      prepared = undefined;
    });
  }
  const folder = await embeddedFolder();
  execFileSync('cp', ['-a', await prepared, folder]);
  return folder;
}

async function prepare(): Promise<string> {
  const folder = await embeddedFolder();
  const first = await member(folder);
  await first.sql('create table kept (n integer); insert into kept values (7)');
  await first.leave();
  return folder;
}

/** Starts a command without waiting until it has joined. */
export function startMember(folder: string, user?: User, env: Record<string, string> = {}): ChildProcess {
  if (!open.has(folder)) throw new Error('the tests of this file are over');
  const child = spawn(process.execPath, [compiled('test/helpers/database/embedded-member.ts'), folder], {
    detached: true, // a process group of its own, as a terminal gives each command
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    cwd: '/',
    ...user,
  });
  atEnd(() => child.kill('SIGKILL'));
  return child;
}

/** Starts a command and waits until it has joined. */
export async function member(
  folder: string,
  options: { user?: User; env?: Record<string, string> } = {},
): Promise<Member> {
  const child = startMember(folder, options.user, options.env);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the child has no pipes');
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next();
    if (done) throw new Error('the command ended without an answer');
    return JSON.parse(value);
  };
  const ask = (line: string): Promise<unknown> => {
    stdin.write(`${JSON.stringify(line)}\n`);
    return next();
  };
  const joined = (await next()) as Pick<Member, 'connectionString' | 'folder' | 'logged'>;
  return {
    ...joined,
    child,
    port: new URL(joined.connectionString).port,
    sql: async (text) => (await ask(text)) as Record<string, unknown>[],
    async leave() {
      await ask('leave');
      await ended;
    },
    async finish() {
      stdin.write('"finish"\n');
      await ended;
    },
    async kill(signal) {
      child.kill(signal);
      return (await ended)[1];
    },
  };
}

/** The process of the server in a folder, as far as its file says; undefined without such a file. */
export function serverPid(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, 'cluster/data/postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/** Kills a server as the machine's out-of-memory killer would, and waits until it is gone. */
export async function killServer(folder: string): Promise<void> {
  const pid = serverPid(folder);
  if (pid === undefined) throw new Error(`no server in ${folder}`);
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid));
}

/** Waits for a condition; the test's own time-out is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** How many times a server was started in a folder, by its log. */
export function starts(folder: string): number {
  return readFileSync(join(folder, 'server.log'), 'utf8').split('starting PostgreSQL').length - 1;
}

/** Names in a folder, or none when it is not there yet. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
