import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitEnvironment } from '../git.ts';
import { type GitObject, objectsOf } from './objects.ts';

/** Who is said to have written a commit. */
export interface Author {
  name: string;
  email: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: Author & { date: string };
}

/** Files of a commit by path; null takes one away. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

interface Given {
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
}

/** A bare git repository, asked by plumbing. */
export type Bare = ReturnType<typeof bareAt>;

export function bareAt(dir: string) {
  const bytes = (args: readonly string[], given: Given = {}) => run(dir, args, given);
  const text = async (...args: string[]) => (await bytes(args)).toString('utf8').trimEnd();
  const objects = objectsOf(dir);
  const commitAt = async (ref: string) => (await objects.read(`${ref}^{commit}`))?.sha ?? null;
  const isAncestor = (older: string, newer: string) =>
    text('merge-base', '--is-ancestor', older, newer).then(
      () => true,
      () => false,
    );

  async function writeTree(base: string | null, files: Files): Promise<string> {
    const index = join(dir, `index-${randomUUID()}`);
    const env = { GIT_INDEX_FILE: index };
    try {
      if (base) await bytes(['read-tree', base], { env });
      for (const [path, content] of Object.entries(files)) {
        if (content === null) {
          await bytes(['update-index', '--force-remove', path], { env });
          continue;
        }
        const blob = (await bytes(['hash-object', '-w', '--stdin'], { input: content })).toString().trim();
        await bytes(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
      }
      return (await bytes(['write-tree'], { env })).toString().trim();
    } finally {
      await rm(index, { force: true });
    }
  }

  async function writeCommit(
    tree: string,
    parents: readonly string[],
    message: string,
    { name, email }: Author,
  ): Promise<string> {
    const env = {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
    };
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
    return (await bytes(args, { input: message, env })).toString().trim();
  }

  async function readCommit(ref: string): Promise<Commit | null> {
    const object = await objects.read(`${ref}^{commit}`);
    return object && commitOf(object);
  }

  return {
    dir,
    bytes,
    text,
    commitAt,
    isAncestor,
    writeTree,
    writeCommit,
    readCommit,
    /** Any object by its name, such as `main^{tree}`; null: there is none. */
    object: objects.read,
    /** Ends the process that reads objects. */
    close: objects.close,
    /** False: the ref is not at `from` any more. */
    move: (ref: string, to: string | null, from: string | null) =>
      (to === null
        ? text('update-ref', '-d', ref, ...(from ? [from] : []))
        : text('update-ref', ref, to, from ?? '0'.repeat(40))
      ).then(
        () => true,
        () => false,
      ),
    /** Commits that `args` of git rev-list name, in its order. */
    async commits(...args: string[]): Promise<Commit[]> {
      const shas = (await text('rev-list', ...args)).split('\n').filter(Boolean);
      const all = await Promise.all(shas.map(readCommit));
      return all.filter((one) => one !== null);
    },
    /** The file at a commit; null where there is none. */
    async fileAt(ref: string, path: string): Promise<string | null> {
      const object = await objects.read(`${ref}:${path}`);
      return object?.type === 'blob' ? object.content.toString('utf8') : null;
    },
    /** The tree of merging two commits; null: they conflict. */
    mergedTree: (ours: string, theirs: string) =>
      text('merge-tree', '--write-tree', ours, theirs).then(
        (tree) => tree.split('\n')[0] ?? null,
        () => null,
      ),
  };
}

/** A commit as git keeps it: headers, an empty line, the message. */
function commitOf({ sha, content }: GitObject): Commit {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const all = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const [, name = '', email = ''] = /^(.*) <(.*)> \d+ /.exec(all('author')[0] ?? '') ?? [];
  const [, seconds = '0'] = /> (\d+) /.exec(all('committer')[0] ?? '') ?? [];
  const date = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  const message = text.slice(end + 2).trimEnd();
  return { sha, tree: all('tree')[0] ?? '', parents: all('parent'), message, author: { name, email, date } };
}

function run(dir: string, args: readonly string[], { input, env }: Given): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['--git-dir', dir, ...args],
      {
        encoding: 'buffer',
        env: { PATH: process.env.PATH, ...gitEnvironment, ...env },
        maxBuffer: 64 * 1024 * 1024,
        timeout: 30_000,
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args.join(' ')}: ${stderr.toString('utf8').trim()}`));
        else resolve(stdout);
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}
