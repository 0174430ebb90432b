import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { RolloutError } from '../../errors.ts';
import { redact } from '../../lib/redact.ts';

const run = promisify(execFile);
const LARGEST_OUTPUT = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** Hooks are disabled for the controller's commands: they must not wait, ask or change the file. */
const SETTINGS = ['core.quotePath=off', 'log.showSignature=false', `core.hooksPath=${devNull}`].flatMap(
  (setting) => ['-c', setting],
);

/** The exit code if git is not installed, as in a shell. */
export const NO_GIT = 127;

export interface GitFailure {
  exitCode: number;
  message: string;
}

/** Input of a plumbing command besides its arguments. */
interface Given {
  input?: string | Uint8Array;
  env?: Readonly<Record<string, string>>;
}

/** Runs git in a folder and returns its output as bytes. Throws `git_failed` with git's message. */
export async function git(folder: string, ...args: string[]): Promise<Buffer> {
  return succeeded(await tryGit(folder, ...args), args);
}

/** Runs git with standard input and environment; returns its output without the line end. */
export async function gitGiven(folder: string, given: Given, ...args: string[]): Promise<string> {
  return succeeded(await execute(folder, given, args), args)
    .toString('utf8')
    .trimEnd();
}

/** Returns the output; throws `git_failed` if the command failed. */
export function succeeded(result: Buffer | GitFailure, args: readonly string[]): Buffer {
  if (Buffer.isBuffer(result)) return result;
  throw gitFailed(result, args);
}

export function gitFailed({ message }: GitFailure, args: readonly string[]): RolloutError {
  const subcommand = args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-c');
  return new RolloutError('git_failed', `git ${subcommand} failed: ${message}`, {
    hint: `run it by hand: git ${args.join(' ')}`,
  });
}

/** Runs git; returns its output as text without the line end. */
export async function gitText(folder: string, ...args: string[]): Promise<string> {
  return (await git(folder, ...args)).toString('utf8').trimEnd();
}

/** Runs git if a failure is a valid answer: returns the output, or the exit code. */
export function tryGit(folder: string, ...args: string[]): Promise<Buffer | GitFailure> {
  return execute(folder, {}, args);
}

async function execute(folder: string, given: Given, args: readonly string[]): Promise<Buffer | GitFailure> {
  try {
    const running = run('git', [...SETTINGS, '-C', folder, ...args], {
      encoding: 'buffer',
      maxBuffer: LARGEST_OUTPUT,
      timeout: TIMEOUT_MS,
      // No prompt may block a scheduled run, and reading must not lock a person's git.
      env: {
        ...ownEnvironment(),
        ...given.env,
        GIT_TERMINAL_PROMPT: '0',
        GIT_OPTIONAL_LOCKS: '0',
        LC_ALL: 'C',
      },
    });
    // A command that ends before it has read everything reports the reason itself.
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end(given.input ?? '');
    return (await running).stdout;
  } catch (error) {
    return failureOf(error);
  }
}

/**
 * Removes git variables: hooks and aliases set them to another repository, but here the file's own repository counts.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_COMMON_DIR, GIT_PREFIX, ...rest } = process.env;
  return rest;
}

/** Does the command succeed? */
export async function gitSays(folder: string, ...args: string[]): Promise<boolean> {
  return Buffer.isBuffer(await tryGit(folder, ...args));
}

function oneLine(text: string | undefined): string {
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join('; ');
}

function failureOf(error: unknown): GitFailure {
  const failure = error as { code?: unknown; stderr?: Buffer; message?: string };
  if (failure.code === 'ENOENT') return { exitCode: NO_GIT, message: 'git is not installed' };
  return {
    exitCode: typeof failure.code === 'number' ? failure.code : 1,
    // A remote's address may contain a token.
    message: redact(oneLine(failure.stderr?.toString('utf8')) || (failure.message ?? 'unknown failure')),
  };
}
