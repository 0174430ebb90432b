import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from '../database/database.ts';
import { gitEnvironment, temporaryFolder } from '../projects/git.ts';
import { atEnd } from '../run/at-end.ts';
import { compiledCli } from './compiled.ts';

const VICTIM = 'tick_process';

/** A command of ours that runs in a process of its own. */
export type Running = {
  child: ChildProcess;
  /** What it has said so far, both streams. */
  said(): string;
  stdout(): string;
  /** Waits for its end: the exit code, or the signal it died of. */
  ended: Promise<number | NodeJS.Signals | null>;
};

export interface RunOptions {
  dir: string;
  database: string;
  env?: Record<string, string>;
  /** Modules that are loaded before ours. */
  imports?: readonly string[];
}

/** Starts `rollout` with these arguments. */
export async function start(args: readonly string[], options: RunOptions): Promise<Running> {
  const main = compiledCli();
  const url = new URL(options.database);
  url.searchParams.set('application_name', VICTIM);
  const imports = (options.imports ?? []).flatMap((path) => ['--import', path]);
  const child = spawn(process.execPath, [...imports, main, ...args], {
    cwd: options.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', TZ: 'UTC' },
      ...gitEnvironment,
      ...{ DATABASE_URL: url.href, ROLLOUT_ACTOR: 'ticker' },
      ...options.env,
    },
  });
  atEnd(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  return { child, said: () => stdout + stderr, stdout: () => stdout, ended };
}

/** A session whose client is gone may still commit what it was told; then the server ends it. */
export async function sessionsGone(db: TestDatabase): Promise<void> {
  const query = `select from pg_stat_activity where datname = $1 and application_name = '${VICTIM}'`;
  while ((await db.rows(query, [db.name])).length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A module that sets the clock of the process that loads it off by hours. */
export async function clockOff(hours: number): Promise<string> {
  const path = join(await temporaryFolder(), 'clock.mjs');
  await writeFile(
    path,
    `const off = ${hours * 3_600_000};
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + off);
    else super(...given);
  }
  static now() {
    return Real.now() + off;
  }
};
`,
  );
  return path;
}
