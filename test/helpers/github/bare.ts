import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gitEnvironment } from '../projects/git.ts';
import { patience } from '../run/pace.ts';
import { FOLDER, type GitObject, objectsOf, treeContent, treeEntries } from './objects.ts';

const execute = promisify(execFile);

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

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Counts the commits made here, so that each has a name of its own. */
let made = 0;

/** A bare git repository, asked by plumbing. */
export type Bare = ReturnType<typeof bareAt>;

export function bareAt(dir: string) {
  const text = (...args: string[]) => run(dir, args);
  const objects = objectsOf(dir);
  const commitAt = async (ref: string) => (await objects.read(`${ref}^{commit}`))?.sha ?? null;
  const known = new Map<string, Commit>();

  /** Every commit that this one descends from, with itself. Commits never change, so each is read once. */
  async function reach(sha: string): Promise<Set<string>> {
    const reached = new Set([sha]);
    for (const one of reached) {
      for (const parent of (await readCommit(one))?.parents ?? []) reached.add(parent);
    }
    return reached;
  }

  async function isAncestor(older: string, newer: string): Promise<boolean> {
    const [from, to] = [await commitAt(older), await commitAt(newer)];
    return from !== null && to !== null && (await reach(to)).has(from);
  }

  /** The commit that both descend from; null: there is none. */
  async function mergeBase(one: string, other: string): Promise<string | null> {
    if (await isAncestor(one, other)) return one;
    if (await isAncestor(other, one)) return other;
    return text('merge-base', one, other).catch(() => null);
  }

  /** The commits of `to` without those of `from`, oldest first. */
  async function between(from: string, to: string): Promise<Commit[]> {
    const before = await reach(from);
    const shas = [...(await reach(to))].filter((sha) => !before.has(sha));
    // Only git knows in which order it names several.
    if (shas.length > 1) return commits('--reverse', `${from}..${to}`);
    return (await Promise.all(shas.map(readCommit))).filter((one) => one !== null);
  }

  /** The tree of `base` with these files, without one that has become empty. */
  async function writeTree(base: string | null, files: Files): Promise<string> {
    const tree = base ? await objects.read(`${base}^{tree}`) : null;
    const entries = new Map(treeEntries(tree?.content ?? Buffer.alloc(0)).map((one) => [one.name, one]));
    const folders = new Map<string, Record<string, string | Buffer | null>>();
    for (const [path, content] of Object.entries(files)) {
      const [name = '', ...rest] = path.split('/');
      if (rest.length > 0) folders.set(name, { ...folders.get(name), [rest.join('/')]: content });
      else if (content === null) entries.delete(name);
      else {
        const sha = await objects.write('blob', Buffer.from(content));
        entries.set(name, { mode: entries.get(name)?.mode ?? '100644', name, sha });
      }
    }
    for (const [name, inside] of folders) {
      const below = entries.get(name);
      const sha = await writeTree(below?.mode === FOLDER ? below.sha : null, inside);
      if (sha === EMPTY_TREE) entries.delete(name);
      else entries.set(name, { mode: FOLDER, name, sha });
    }
    return objects.write('tree', treeContent(entries.values()));
  }

  function writeCommit(
    tree: string,
    parents: readonly string[],
    message: string,
    { name, email }: Author,
  ): Promise<string> {
    const who = `${name} <${email}> ${Math.floor(Date.now() / 1000)} +0000`;
    const headers = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      ...[`author ${who}`, `committer ${who}`],
      // As GitHub signs what it makes. Without it two commits of one content, parent and second are one
      // commit, and a pull request counts as merged because somebody else committed the same.
      `gpgsig ${++made}`,
    ];
    return objects.write('commit', Buffer.from(`${headers.join('\n')}\n\n${message.trimEnd()}\n`));
  }

  async function readCommit(ref: string): Promise<Commit | null> {
    const before = known.get(ref);
    if (before) return before;
    const object = await objects.read(`${ref}^{commit}`);
    if (!object) return null;
    const commit = commitOf(object);
    known.set(commit.sha, commit);
    return commit;
  }

  /** Commits that `args` of git rev-list name, in its order. */
  async function commits(...args: string[]): Promise<Commit[]> {
    const shas = (await text('rev-list', ...args)).split('\n').filter(Boolean);
    const all = await Promise.all(shas.map(readCommit));
    return all.filter((one) => one !== null);
  }

  return {
    dir,
    text,
    commitAt,
    isAncestor,
    reach,
    mergeBase,
    between,
    commits,
    writeTree,
    writeCommit,
    readCommit,
    /** Any object by its name, such as `main^{tree}`; null: there is none. */
    object: objects.read,
    writeBlob: (content: Buffer) => objects.write('blob', content),
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

async function run(dir: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...gitEnvironment };
  const limits = { maxBuffer: 64 * 1024 * 1024, timeout: patience(30_000) };
  return (await execute('git', ['--git-dir', dir, ...args], { env, ...limits })).stdout.trimEnd();
}
