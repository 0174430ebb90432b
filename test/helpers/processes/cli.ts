import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandLine } from '../../../src/cli/command-line.ts';
import { processTerminal } from '../../../src/cli/terminal/terminal.ts';
import { patience } from '../run/pace.ts';
import { compiled, compiledCli } from './compiled.ts';

export type CliResult = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
};
export type CliOptions = {
  cwd?: string;
  /** Added to a bare environment; nothing of the developer's own database or overrides leaks in. */
  env?: Record<string, string>;
  stdin?: string;
  /** Milliseconds until the process is killed and the promise rejects. Default: as long as only a hang takes. */
  timeout?: number;
};

const root = join(import.meta.dirname, '../../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'SystemRoot',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
];

let last: Promise<unknown> = Promise.resolve();

/**
 * The same command line in this process, one at a time: without a start that costs more than what most of them do.
 * For what is about the process (standard input, signals, its death) take `cli`.
 */
export function cliHere(
  args: readonly string[],
  { cwd = root, env = {} }: Pick<CliOptions, 'cwd' | 'env'> = {},
): Promise<CliResult> {
  const run = last.then(async () => {
    const [stdout, stderr] = [new Said(), new Said()];
    const before = process.cwd();
    process.chdir(cwd);
    try {
      const terminal = processTerminal({ env: { ...bareEnvironment(), ...env }, stdout, stderr });
      const code = await commandLine(args, terminal);
      return { code, signal: null, stdout: stdout.text, stderr: stderr.text };
    } finally {
      process.chdir(before);
    }
  });
  last = run.catch(() => {});
  return run;
}

/** An output that nobody watches. */
class Said {
  text = '';
  write(text: string): void {
    this.text += text;
  }
  on(): void {}
}

/** Runs the command line as its users do: `await cli(['validate', '--json'], { cwd })`. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return runNode([compiledCli(), ...args], options);
}

/** Runs any TypeScript file of the repository in a Node process of its own. */
export function runScript(
  script: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  return runNode(['--import', tsx, script, ...args], options);
}

/** The same of one that is compiled with the sources. */
export function runCompiled(
  script: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  return runNode([compiled(script), ...args], options);
}

function runNode(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { cwd = root, env = {}, stdin = '', timeout = patience(170_000) } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...bareEnvironment(), ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no end after ${timeout} ms: ${args.join(' ')}\n${stdout}\n${stderr}`));
    }, timeout);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // a command that never reads its input may be gone before it is written
    child.stdin.end(stdin);
  });
}

/** What a command needs of this machine, and nothing of the developer's own. */
export function bareEnvironment(): Record<string, string> {
  const kept = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), NO_COLOR: '1', TZ: 'UTC' };
}
