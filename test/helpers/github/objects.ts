import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { gitEnvironment } from '../projects/git.ts';

export interface GitObject {
  sha: string;
  type: string;
  content: Buffer;
}

/**
 * The objects of a repository. They are read through one process of git for all of them and written as git writes
 * loose ones: starting a process takes its time.
 */
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
    async write(type: 'blob' | 'tree' | 'commit', content: Buffer): Promise<string> {
      const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
      const sha = createHash('sha1').update(whole).digest('hex');
      const folder = join(dir, 'objects', sha.slice(0, 2));
      await mkdir(folder, { recursive: true });
      // The same content is the same object.
      await writeFile(join(folder, sha.slice(2)), deflateSync(whole), { flag: 'wx' }).catch((error) => {
        if (error.code !== 'EEXIST') throw error;
      });
      return sha;
    },
    close(): void {
      child?.stdin.end();
    },
  };
}

export interface TreeEntry {
  mode: string;
  name: string;
  sha: string;
}

/** The entries of a tree as git keeps it. */
export function treeEntries(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
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

export const FOLDER = '040000';

/** The same as bytes, in git's order: a folder as if its name ended in a slash. */
export function treeContent(entries: Iterable<TreeEntry>): Buffer {
  const key = ({ mode, name }: TreeEntry) => Buffer.from(mode === FOLDER ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]),
  );
}
