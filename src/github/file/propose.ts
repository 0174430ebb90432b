import type {
  ChangeRefused,
  FileChange,
  FileChangeResult,
  Refusal,
} from '../../app/ports/configuration-repository.ts';
import { commitMessage, isOurs } from '../../domain/git/commit-message.ts';
import { RolloutError } from '../../errors.ts';
import { ONCE } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';
import { MOVED, untilSettled } from '../api/repeat.ts';
import { askOwners, ownersIn } from '../notices/owners.ts';
import { commitOn, unchanged } from './commit.ts';
import { putPullRequest } from './pull-request.ts';
import {
  branchTip,
  type ChangedFile,
  changedFiles,
  defaultTip,
  type FilesAt,
  filesAt,
  type Place,
  textOf,
} from './read.ts';

/** A branch of ours with more commits than this is not our branch. */
const MOST_COMMITS = 100;

/** The change on a branch of its own, with a pull request, for a person to merge. */
export async function proposeChange<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  const main = await place.defaultBranch();
  if (change.branch === main) {
    throw new RolloutError('github_refused', `${main} is the default branch, not one for a proposal`);
  }
  // Its owners are asked once: by whoever created it, also where only the answer was lost.
  const opening = { text: '', created: false };
  const result = await untilSettled(place.client, change.branch, async () => {
    const brought = await bringBranch(place, change, opening);
    return brought ?? (await putPullRequest(place, main, change, opening));
  });
  if (result.state === 'proposed' && result.pull_request !== null && opening.created) {
    await askOwners(place.client, result.pull_request, ownersIn(opening.text, change.features ?? []));
  }
  return result;
}

/** What an attempt at a proposal found out. */
export interface Opening {
  /** The file as it proposes it. */
  text: string;
  /** A pull request was asked for. */
  created: boolean;
}

/** Brings the branch to where merging it makes the change; null: it is there. */
async function bringBranch<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
  opening: Opening,
): Promise<FileChangeResult | ChangeRefused<R> | null | typeof MOVED> {
  const tip = await defaultTip(place);
  const files = await filesAt(place, tip);
  const text = textOf(place, files);
  const edited = change.edit(text);
  if ('refused' in edited) return { state: 'refused', refused: edited.refused };
  if (edited.text === text) return unchanged(place, files, tip, change.trailers);
  opening.text = edited.text;
  const changed = changedFiles(place, files, text, edited.text);
  const head = await branchTip(place, change.branch);
  if (head === null) {
    return createBranch(place, change.branch, await commitTree(place, [tip], changed, change));
  }
  const { ours, base } = await lookAt(place, tip, head);
  if (!ours) return addTo(place, head, change);
  if (await stillFits(place, head, base, files, edited.text, change)) return null;
  // On top of what is there, so that nobody's commit of the same moment is lost, and on top of the tip, so that
  // nothing conflicts: both are its parents.
  return moveBranch(place, change.branch, await commitTree(place, [head, tip], changed, change));
}

export interface Proposed {
  /** Nobody but us has written to it. */
  ours: boolean;
  /** Where it left the default branch. */
  base: string;
}

export async function lookAt({ client }: Place, tip: string, head: string): Promise<Proposed> {
  const { owner, repo, rest } = client;
  const { data } = await rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${tip}...${head}`,
    per_page: MOST_COMMITS,
    page: 1,
  });
  const ours =
    data.total_commits <= MOST_COMMITS && data.commits.every(({ commit }) => isOurs(commit.message));
  return { ours, base: data.merge_base_commit.sha };
}

/** Does the branch say this already, in these words, and would merging it still give the same? */
async function stillFits(
  place: Place,
  head: string,
  base: string,
  files: FilesAt,
  edited: string,
  change: FileChange,
): Promise<boolean> {
  if (textOf(place, await filesAt(place, head)) !== edited) return false;
  if (!sameBlobs(await filesAt(place, base), files)) return false;
  const { owner, repo, rest } = place.client;
  const { data } = await rest.git.getCommit({ owner, repo, commit_sha: head });
  return lasting(data.message) === lasting(commitMessage(change));
}

function sameBlobs({ blobs }: FilesAt, other: FilesAt): boolean {
  return (
    blobs.size === other.blobs.size &&
    [...blobs].every(([path, { sha }]) => other.blobs.get(path)?.sha === sha)
  );
}

/** A message without the digest of history, which says nothing new about the change. */
function lasting(message: string): string {
  return message.replace(/^Rollout-History: .*$/m, '').trim();
}

/** A person has added commits of their own: what they wrote stays, ours goes on top. */
async function addTo<R extends Refusal>(
  place: Place,
  head: string,
  change: FileChange<R>,
): Promise<ChangeRefused<R> | null | typeof MOVED> {
  const files = await filesAt(place, head);
  const text = textOf(place, files);
  const edited = change.edit(text);
  if ('refused' in edited) return { state: 'refused', refused: edited.refused };
  if (edited.text === text) return null;
  const changed = changedFiles(place, files, text, edited.text);
  const result = await commitOn(place, change.branch, head, changed, change);
  if (result === MOVED) return MOVED;
  if ('forbidden' in result) throw protectedBranch(change.branch, result.forbidden);
  return null;
}

/** A commit with the tree of the last parent, but for these files; no branch has it yet. */
async function commitTree(
  { client }: Place,
  parents: readonly string[],
  files: readonly ChangedFile[],
  change: FileChange,
): Promise<string> {
  const { owner, repo, rest } = client;
  const base_tree = parents.at(-1) ?? '';
  const entries = files.map(({ path, mode, text }) => ({ path, mode, type: 'blob' as const, content: text }));
  const tree = await rest.git.createTree({ owner, repo, base_tree, tree: entries, ...ONCE });
  const parts = { tree: tree.data.sha, parents: [...parents], message: commitMessage(change) };
  return (await rest.git.createCommit({ owner, repo, ...parts, ...ONCE })).data.sha;
}

async function createBranch({ client }: Place, branch: string, sha: string): Promise<null | typeof MOVED> {
  const { owner, repo, rest } = client;
  try {
    await rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha, ...ONCE });
    return null;
  } catch (error) {
    if (/already exists/i.test(saidBy(error))) return MOVED;
    throw branchRefused(error, branch);
  }
}

/** Never by force: a commit that came in between makes it fail, and everything is read again. */
async function moveBranch({ client }: Place, branch: string, sha: string): Promise<null | typeof MOVED> {
  const { owner, repo, rest } = client;
  try {
    await rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha, force: false, ...ONCE });
    return null;
  } catch (error) {
    if (/not a fast forward|does not exist/i.test(saidBy(error))) return MOVED;
    if (statusOf(error) === 409 && !/rule violations/i.test(saidBy(error))) return MOVED;
    throw branchRefused(error, branch);
  }
}

function branchRefused(error: unknown, branch: string): unknown {
  const status = statusOf(error);
  return status === 409 || status === 422 ? protectedBranch(branch, saidBy(error)) : error;
}

function protectedBranch(branch: string, said: string): RolloutError {
  return new RolloutError('branch_protected', `the branch ${branch} could not be written: ${said}`, {
    hint: "exclude rollout/** from the repository's branch rules",
  });
}
