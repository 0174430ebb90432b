import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { atEnd } from '../run/at-end.ts';
import { patience } from '../run/pace.ts';

const execute = promisify(execFile);

/** Keeps the developer's own git configuration, hooks and prompts out; pass it to code that calls git. */
export const gitEnvironment: Record<string, string> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

export type TestRepository = {
  dir: string;
  /** Runs git in the repository; returns its output without the final line end; rejects when git fails. */
  git(...args: string[]): Promise<string>;
  /** Writes files without committing them. */
  write(files: Record<string, string>): Promise<void>;
  /** Writes files (null removes one), commits everything, returns the commit's sha. */
  commit(files: Record<string, string | null>, message?: string): Promise<string>;
  /** Makes a bare clone, sets it as `origin` with `origin/HEAD`, and returns its folder. */
  bareRemote(): Promise<string>;
};

/** An empty repository on branch `main` in a temporary folder; removed when the test file is done. */
export async function gitRepository(): Promise<TestRepository> {
  const dir = join(await temporaryFolder(), 'work');
  await mkdir(dir);
  const repository = at(dir);
  await repository.git('init', '--quiet', '--initial-branch=main');
  return repository;
}

/** A second working copy of a repository or bare remote, as a colleague has it. */
export async function cloneOf(remote: string): Promise<TestRepository> {
  const folder = await temporaryFolder();
  await runGit(folder, ['clone', '--quiet', remote, 'work']);
  return at(join(folder, 'work'));
}

/** A folder of its own, removed when the test file is done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(inject('folder'), 'folder-'));
  atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function at(dir: string): TestRepository {
  const git = (...args: string[]): Promise<string> => runGit(dir, args);
  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  };
  return {
    dir,
    git,
    write,
    async commit(files, message = 'change') {
      for (const [path, text] of Object.entries(files)) {
        if (text === null) await rm(join(dir, path));
        else await write({ [path]: text });
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    async bareRemote() {
      const remote = join(await temporaryFolder(), 'remote.git');
      await git('clone', '--quiet', '--bare', dir, remote);
      await git('remote', 'add', 'origin', remote);
      await git('fetch', '--quiet', 'origin');
      await git('remote', 'set-head', 'origin', '--auto');
      return remote;
    },
  };
}

/** Runs git in a folder; the developer's own configuration stays out. */
export async function runGit(cwd: string, args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...gitEnvironment };
  const { stdout } = await execute('git', args, {
    cwd,
    env,
    timeout: patience(30_000),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.replace(/\r?\n$/, '');
}
