import type {
  ChangeRefused,
  FileChange,
  FileChangeResult,
  Refusal,
} from '../../app/ports/configuration-repository.ts';
import { commitMessage, lastingPart, proposalMessage } from '../../domain/git/commit-message.ts';
import { type BranchCommit, type OnBranch, whoseBranch } from '../../domain/git/proposal-branch.ts';
import { RolloutError } from '../../errors.ts';
import { ONCE } from '../api/client.ts';
import { statusOf } from '../api/failure.ts';
import { MOVED, untilSettled } from '../api/repeat.ts';
import { askOwners, ownersIn } from '../notices/owners.ts';
import { commitOn, unchanged } from './commit.ts';
import { createBranch, moveBranch, protectedBranch, replaceBranch } from './proposal-ref.ts';
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

/** Commits of a comparison in one answer. */
const COMPARED = 100;

/** Proposes the change on its own branch, with a pull request for a person to merge. */
export async function proposeChange<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  const main = await place.defaultBranch();
  if (change.branch === main) {
    throw new RolloutError('github_refused', `${main} is the default branch, not one for a proposal`);
  }
  // Owners are asked once, by the run that created it, even if its answer was lost.
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

/** Findings of an attempt at a proposal. */
export interface Opening {
  /** The file in the proposal. */
  text: string;
  /** True: a pull request was requested. */
  created: boolean;
}

/** Moves the branch to where merging it makes the change; null: it is already there. */
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
  const { ours, dropped, base } = await lookAt(place, tip, head);
  if (!ours) return addTo(place, head, change);
  // Merging the branch would bring back the commits that a force-push dropped, so it begins anew at the tip.
  if (dropped) {
    return replaceBranch(place, change.branch, head, await commitTree(place, [tip], changed, change));
  }
  if (await stillFits(place, head, base, files, edited.text, change)) return null;
  // Both are parents: the present branch, so that no simultaneous commit is lost, and the tip, so that nothing
  // conflicts.
  return moveBranch(place, change.branch, await commitTree(place, [head, tip], changed, change));
}

export interface Proposed extends OnBranch {
  /** Merge base with the default branch; null: they have no common commit. */
  base: string | null;
}

export async function lookAt(place: Place, tip: string, head: string): Promise<Proposed> {
  const { client } = place;
  const { owner, repo, rest } = client;
  const single = async (commit_sha: string): Promise<BranchCommit> => {
    const { data } = await rest.git.getCommit({ owner, repo, commit_sha });
    return { message: data.message, parents: data.parents.map(({ sha }) => sha) };
  };
  const compared = await compare(place, tip, head);
  if (compared === null) return { ...(await whoseBranch(head, single)), base: null };
  const { total_commits, commits, merge_base_commit } = compared;
  const listed = new Map(
    commits.map(({ sha, commit, parents }) => [
      sha,
      { message: commit.message, parents: parents.map((parent) => parent.sha) },
    ]),
  );
  const inList = async (commit: string) => listed.get(commit) ?? null;
  // If a force-push dropped more commits than one answer lists, each one of the controller's is requested.
  const there = await whoseBranch(head, total_commits > commits.length ? single : inList);
  return { ...there, base: merge_base_commit.sha };
}

/** Reads the commits that are on the branch but not on the tip; null: there is no common commit. */
async function compare({ client }: Place, tip: string, head: string) {
  const { owner, repo, rest } = client;
  try {
    const basehead = `${tip}...${head}`;
    const { data } = await rest.repos.compareCommitsWithBasehead({
      ...{ owner, repo, basehead },
      ...{ per_page: COMPARED, page: 1 },
    });
    return data;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Does the branch already contain this change, with this message, and would merging it still give the same result? */
async function stillFits(
  place: Place,
  head: string,
  base: string | null,
  files: FilesAt,
  edited: string,
  change: FileChange,
): Promise<boolean> {
  if (textOf(place, await filesAt(place, head)) !== edited) return false;
  if (base === null || !sameBlobs(await filesAt(place, base), files)) return false;
  const { owner, repo, rest } = place.client;
  const { data } = await rest.git.getCommit({ owner, repo, commit_sha: head });
  return lastingPart(data.message) === lastingPart(commitMessage(change));
}

function sameBlobs({ blobs }: FilesAt, other: FilesAt): boolean {
  return (
    blobs.size === other.blobs.size &&
    [...blobs].every(([path, { sha }]) => other.blobs.get(path)?.sha === sha)
  );
}

/** A person has added commits: theirs stay, and the controller's goes on top. */
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

/** Creates a commit of these files whose last parent is the tip; no branch has it yet. */
async function commitTree(
  { client }: Place,
  parents: readonly string[],
  files: readonly ChangedFile[],
  change: FileChange,
): Promise<string> {
  const { owner, repo, rest } = client;
  const tip = parents.at(-1) ?? '';
  const entries = files.map(({ path, mode, text }) => ({ path, mode, type: 'blob' as const, content: text }));
  const tree = await rest.git.createTree({ owner, repo, base_tree: tip, tree: entries, ...ONCE });
  const parts = { tree: tree.data.sha, parents: [...parents], message: proposalMessage(change, tip) };
  return (await rest.git.createCommit({ owner, repo, ...parts, ...ONCE })).data.sha;
}
