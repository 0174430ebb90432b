import { changedParts, standsAlone } from '../../domain/change/bundle.ts';
import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { Client } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';

/** The configuration file in its repository. */
export interface Place {
  client: Client;
  /** Path of the file in the repository, with slashes. */
  path: string;
  /** Returns the branch of the authoritative file. */
  defaultBranch(): Promise<string>;
}

/** A file in a commit. */
interface Blob {
  sha: string;
  /** File mode, which the controller's commits keep. */
  mode: '100644' | '100755';
}

/** The configuration in a commit: the main file and its included files. */
export interface FilesAt {
  /** All files as a bundle (`domain/change/bundle`). */
  content: Uint8Array;
  /** Files by path in the repository; the main file first. */
  blobs: ReadonlyMap<string, Blob>;
}

/** A file that a commit of the controller changes. */
export interface ChangedFile {
  path: string;
  mode: Blob['mode'];
  text: string;
}

const SYMBOLIC_LINK = '120000';

/** Returns the tip of a branch; null: there is none. */
export async function branchTip({ client }: Place, branch: string): Promise<string | null> {
  const { owner, repo, rest } = client;
  try {
    return (await rest.git.getRef({ owner, repo, ref: `heads/${branch}` })).data.object.sha;
  } catch (error) {
    // A repository without any commit answers 409.
    if (statusOf(error) === 404 || /repository is empty/i.test(saidBy(error))) return null;
    throw error;
  }
}

/** Returns the tip of the default branch. Throws `revision_refused` if there is none. */
export async function defaultTip(place: Place): Promise<string> {
  const branch = await place.defaultBranch();
  const tip = await branchTip(place, branch);
  if (tip !== null) return tip;
  const { owner, repo } = place.client;
  throw new RolloutError(
    'revision_refused',
    `${owner}/${repo} has no branch ${branch} that this token may read`,
    {
      hint: 'commit rollout.yaml to the default branch first, and check permissions: contents: read',
    },
  );
}

/**
 * Reads the files in a commit. Throws `file_missing`, and `edit_refused` for a symbolic link, which a commit would
 * replace by a file.
 */
export async function filesAt({ client, path }: Place, commit: string): Promise<FilesAt> {
  const folder = path.split('/').slice(0, -1).join('/');
  const tree = await treeAt(client, commit, folder);
  const entry = tree?.find(({ path: name }) => name === path.split('/').at(-1));
  if (entry?.type !== 'blob') throw missing(path, commit);
  if (entry.mode === SYMBOLIC_LINK) {
    throw new RolloutError('edit_refused', `${path} is a symbolic link in the repository`, {
      hint: 'name the file it points to with --file',
    });
  }
  const main = await blobOf(client, entry.sha);
  const blobs = new Map([[path, blobIn(entry)]]);
  if (standsAlone(main)) return { content: main, blobs };

  const { withIncluded } = await import('../../config/read/includes.ts');
  const trees = new Map([['', tree ?? []]]);
  const list = async (below: string) => {
    const found = trees.get(below) ?? (await treeAt(client, commit, join(folder, below))) ?? [];
    trees.set(below, found);
    return found;
  };
  const read = async (below: string) => {
    const [name, ...folders] = below.split('/').reverse();
    const file = (await list(folders.reverse().join('/'))).find((one) => one.path === name);
    if (file?.type !== 'blob') throw missing(join(folder, below), commit);
    blobs.set(join(folder, below), blobIn(file));
    return blobOf(client, file.sha);
  };
  const names = async (below: string) =>
    (await list(below)).map((one) => ({ name: one.path ?? '', link: one.mode === SYMBOLIC_LINK }));
  const content = await withIncluded(main, path.split('/').at(-1) ?? '', { list: names, read });
  return { content, blobs };
}

/** Reads the content in a commit; null: it has no such file, or a link in its place. */
export async function contentAt(place: Place, commit: string): Promise<Uint8Array | null> {
  try {
    return (await filesAt(place, commit)).content;
  } catch (error) {
    const none = error instanceof RolloutError && ['file_missing', 'edit_refused'].includes(error.code);
    if (none) return null;
    throw error;
  }
}

/** Decodes content as text. Throws `edit_refused` if it is not UTF-8. */
export function textOf({ path }: Place, { content }: Pick<FilesAt, 'content'>): string {
  return utf8(content, path);
}

/** Returns the files that an edit changed. */
export function changedFiles(
  { path }: Place,
  { blobs }: FilesAt,
  before: string,
  after: string,
): ChangedFile[] {
  const folder = path.split('/').slice(0, -1).join('/');
  return changedParts(before, after).map(({ part, to }) => {
    const where = part === null ? path : join(folder, part);
    return { path: where, mode: blobs.get(where)?.mode ?? '100644', text: to };
  });
}

/** Reads the entries of a folder in a commit; null: the folder does not exist. */
async function treeAt(client: Client, commit: string, folder: string) {
  let tree = commit;
  for (const name of folder === '' ? [] : folder.split('/')) {
    const entry = (await entriesIn(client, tree)).find(({ path }) => path === name);
    if (entry?.type !== 'tree') return null;
    tree = entry.sha;
  }
  return entriesIn(client, tree);
}

async function entriesIn({ owner, repo, rest }: Client, tree: string) {
  return (await rest.git.getTree({ owner, repo, tree_sha: tree })).data.tree;
}

async function blobOf({ owner, repo, rest }: Client, sha: string): Promise<Buffer> {
  const { data } = await rest.git.getBlob({ owner, repo, file_sha: sha });
  return Buffer.from(data.content, 'base64');
}

function blobIn({ sha, mode }: { sha: string; mode: string }): Blob {
  return { sha, mode: mode === '100755' ? '100755' : '100644' };
}

function join(folder: string, below: string): string {
  return [folder, below].filter((part) => part !== '').join('/');
}

function missing(path: string, commit: string): RolloutError {
  return new RolloutError('file_missing', `${path} is not in ${commit.slice(0, 10)}`, {
    hint: `commit it to the default branch, or name another one with --file`,
  });
}
