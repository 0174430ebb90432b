import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitEnvironment } from '../git.ts';

export interface GitObject {
  sha: string;
  type: string;
  content: Buffer;
}

/** Reads the objects of a repository through one process of git for all of them: starting one takes its time. */
export function objectsOf(dir: string) {
  let child: ChildProcessWithoutNullStreams | null = null;
  let buffered: Buffer = Buffer.alloc(0);
  const waiting: ((object: GitObject | null) => void)[] = [];

  function start(): ChildProcessWithoutNullStreams {
    const env = { PATH: process.env.PATH, ...gitEnvironment };
    const started = spawn('git', ['--git-dir', dir, 'cat-file', '--batch'], { env });
    started.stdout.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (take());
    });
    started.on('exit', () => {
      child = null;
      for (const answer of waiting.splice(0)) answer(null);
    });
    return started;
  }

  /** Takes one whole answer: `SHA TYPE SIZE`, the content, a line end; or `NAME missing`. */
  function take(): boolean {
    const end = buffered.indexOf('\n');
    if (end < 0) return false;
    const [, sha = '', type = '', size] =
      /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(buffered.toString('utf8', 0, end)) ?? [];
    const length = size === undefined ? 0 : Number(size) + 1;
    if (buffered.length < end + 1 + length) return false;
    const content = buffered.subarray(end + 1, end + length);
    buffered = buffered.subarray(end + 1 + length);
    waiting.shift()?.(size === undefined ? null : { sha, type, content });
    return true;
  }

  return {
    read: (name: string): Promise<GitObject | null> =>
      new Promise((resolve) => {
        if (/[\n\0]/.test(name)) return resolve(null);
        child ??= start();
        waiting.push(resolve);
        child.stdin.write(`${name}\n`);
      }),
    close(): void {
      child?.stdin.end();
    },
  };
}

/** The entries of a tree as git keeps it. */
export function treeEntries(content: Buffer): { mode: string; name: string; sha: string }[] {
  const entries = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const mode = content.toString('latin1', at, space).padStart(6, '0');
    const sha = content.toString('hex', end + 1, end + 21);
    entries.push({ mode, name: content.toString('utf8', space + 1, end), sha });
    at = end + 21;
  }
  return entries;
}
