import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import { git, gitGiven, gitSays, tryGit } from './git.ts';
import type { Place } from './surroundings.ts';

/** A file in a commit. */
export interface Entry {
  mode: string;
  blob: string;
}

const SYMBOLIC_LINK = '120000';

/** Returns the file's entry in a commit; null if it is absent. */
export async function entryAt(root: string, commit: string, path: string): Promise<Entry | null> {
  const listed = await git(root, 'ls-tree', '-z', '--full-tree', commit, '--', path);
  const [, mode = '', type, blob = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t/.exec(listed.toString('utf8')) ?? [];
  return type === 'blob' ? { mode, blob } : null;
}

/** Returns the entry of the file to edit. Throws `file_missing`, and `edit_refused` for a symbolic link. */
export async function editableAt({ root, path, shown }: Place, commit: string): Promise<Entry> {
  const entry = await entryAt(root, commit, path);
  if (!entry) {
    throw new RolloutError('file_missing', `${shown} is not in ${commit.slice(0, 10)}`, {
      hint: `commit it first: git add ${shown} && git commit`,
    });
  }
  if (entry.mode !== SYMBOLIC_LINK) return entry;
  throw new RolloutError('edit_refused', `${shown} is a symbolic link in the repository`, {
    hint: 'name the file it points to with --file',
  });
}

export async function readBlob({ root, shown }: Place, blob: string): Promise<string> {
  return utf8(await git(root, 'cat-file', 'blob', blob), shown);
}

export function writeBlob(root: string, text: string): Promise<string> {
  return gitGiven(root, { input: text }, 'hash-object', '-w', '--stdin');
}

/** Creates a commit on `parent` that changes only these files; no branch has it yet. */
export async function commitFiles(
  { root }: Place,
  parent: string,
  entries: ReadonlyMap<string, Entry>,
  message: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollout-index-'));
  try {
    const given = { env: { GIT_INDEX_FILE: join(folder, 'index') } };
    await gitGiven(root, given, 'read-tree', parent);
    for (const [path, { mode, blob }] of entries) {
      await gitGiven(root, given, 'update-index', '--cacheinfo', `${mode},${blob},${path}`);
    }
    const tree = await gitGiven(root, given, 'write-tree');
    const settings = [...(await identity(root)), '-c', 'i18n.commitEncoding=UTF-8'];
    return await gitGiven(
      root,
      { input: message },
      ...settings,
      'commit-tree',
      ...(await signing(root)),
      tree,
      '-p',
      parent,
      '-F',
      '-',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Plumbing commands ignore `commit.gpgsign`, but a branch may require signed commits. */
async function signing(root: string): Promise<string[]> {
  const wanted = await tryGit(root, 'config', '--type=bool', 'commit.gpgsign');
  return Buffer.isBuffer(wanted) && wanted.toString('utf8').trim() === 'true' ? ['-S'] : [];
}

/**
 * Returns settings for an identity unless git knows the user's; a scheduled run often has none. GIT_AUTHOR_NAME and the
 * like take precedence.
 */
async function identity(root: string): Promise<string[]> {
  const known = (await gitSays(root, 'config', 'user.name')) && (await gitSays(root, 'config', 'user.email'));
  if (known) return [];
  const email = 'rollout-controller@users.noreply.github.com';
  return ['-c', 'user.name=rollout-controller', '-c', `user.email=${email}`];
}
