import { RolloutError } from '../../errors.ts';
import { utf8 } from '../../lib/utf8.ts';
import type { Client } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';

/** The configuration file in its repository. */
export interface Place {
  client: Client;
  /** Path of the file in the repository, with slashes. */
  path: string;
  /** The branch whose file counts. */
  defaultBranch(): Promise<string>;
}

/** A file as a commit has it. */
export interface FileAt {
  blob: string;
  /** Whether it may be run, which a commit of ours leaves as it is. */
  mode: '100644' | '100755';
  content: Uint8Array;
}

const SYMBOLIC_LINK = '120000';

/** Where a branch is; null: there is none. */
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

/** The tip of the default branch. Throws `revision_refused` where there is none. */
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
 * The file in a commit. Throws `file_missing`, and `edit_refused` for a symbolic link: a commit of ours would
 * replace the link by a file.
 */
export async function fileAt({ client, path }: Place, commit: string): Promise<FileAt> {
  const { owner, repo, rest } = client;
  const names = path.split('/');
  let tree = commit;
  for (const name of names.slice(0, -1)) {
    const entry = await entryIn(client, tree, name);
    if (entry?.type !== 'tree') throw missing(path, commit);
    tree = entry.sha;
  }
  const entry = await entryIn(client, tree, names.at(-1) ?? '');
  if (entry?.type !== 'blob') throw missing(path, commit);
  if (entry.mode === SYMBOLIC_LINK) {
    throw new RolloutError('edit_refused', `${path} is a symbolic link in the repository`, {
      hint: 'name the file it points to with --file',
    });
  }
  const { data } = await rest.git.getBlob({ owner, repo, file_sha: entry.sha });
  const mode = entry.mode === '100755' ? '100755' : '100644';
  return { blob: entry.sha, mode, content: Buffer.from(data.content, 'base64') };
}

/** The content in a commit; null: it has no such file, or a link in its place. */
export async function contentAt(place: Place, commit: string): Promise<Uint8Array | null> {
  try {
    return (await fileAt(place, commit)).content;
  } catch (error) {
    const none = error instanceof RolloutError && ['file_missing', 'edit_refused'].includes(error.code);
    if (none) return null;
    throw error;
  }
}

/** Content as text. Throws `edit_refused` for what is not UTF-8. */
export function textOf({ path }: Place, { content }: FileAt): string {
  return utf8(content, path);
}

async function entryIn({ owner, repo, rest }: Client, tree: string, name: string) {
  const { data } = await rest.git.getTree({ owner, repo, tree_sha: tree });
  return data.tree.find(({ path }) => path === name);
}

function missing(path: string, commit: string): RolloutError {
  return new RolloutError('file_missing', `${path} is not in ${commit.slice(0, 10)}`, {
    hint: `commit it to the default branch, or name another one with --file`,
  });
}
