import type {
  ChangeRefused,
  FileChange,
  FileChangeResult,
  Refusal,
} from '../app/ports/configuration-repository.ts';
import { commitMessage, lastingPart, proposalMessage } from '../domain/git/commit-message.ts';
import type { OnBranch } from '../domain/git/proposal-branch.ts';
import { RolloutError } from '../errors.ts';
import { whileMoving } from './change.ts';
import { commitFiles, type Entry, entryAt } from './git/commit-file.ts';
import { commitAt, type DefaultBranch, defaultBranch, freshTip } from './git/default-branch.ts';
import { changedEntries, filesAt, type TreeFiles } from './git/files.ts';
import { git, gitText, tryGit } from './git/git.ts';
import { branchBeyond, findOurs } from './git/message.ts';
import { deleteRemoteBranch, type Published, push, remoteCommit } from './git/push.ts';
import type { Place } from './git/surroundings.ts';

/** Proposes the change on its own branch, for a person to merge; rebuilds it from the tip if it no longer fits. */
export async function proposeChange<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  const main = await defaultBranch(place.root);
  refuseDefault(main, change.branch);
  return whileMoving(place, () => proposeOnce(place, main, change));
}

async function proposeOnce<R extends Refusal>(
  place: Place,
  main: DefaultBranch,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R> | 'moved'> {
  const { root } = place;
  const tip = await freshTip(root, main);
  const files = await filesAt(place, tip);
  const edited = change.edit(files.text);
  if ('refused' in edited) return { state: 'refused', refused: edited.refused };
  if (edited.text === files.text) {
    const paths = [...files.entries.keys()];
    return { state: 'unchanged', commit: await findOurs(root, tip, paths, change.trailers) };
  }
  const proposed: FileChangeResult = { state: 'proposed', branch: change.branch, pull_request: null };
  const head = await headOf(root, main, change.branch);
  const there: OnBranch | null = head === null ? null : await branchBeyond(root, tip, head);
  const wanted = await changedEntries(place, files, edited.text);
  if (head === null || there?.ours) {
    const fits = head !== null && there?.dropped === false;
    if (fits && (await stillFits(place, head, tip, files, wanted, change))) return proposed;
    const commit = await commitFiles(place, tip, wanted, proposalMessage(change, tip));
    return (await point(place, main, change.branch, head, commit)) === 'done' ? proposed : 'moved';
  }
  // A person has added commits: theirs stay, and the controller's goes on top.
  const theirs = await filesAt(place, head);
  const onTop = change.edit(theirs.text);
  if ('refused' in onTop) return { state: 'refused', refused: onTop.refused };
  if (onTop.text === theirs.text) return proposed;
  const entries = await changedEntries(place, theirs, onTop.text);
  const commit = await commitFiles(place, head, entries, commitMessage(change));
  return (await point(place, main, change.branch, head, commit)) === 'done' ? proposed : 'moved';
}

/** Deletes the controller's branch. A branch with a person's commits is left. */
export async function withdrawBranch(place: Place, branch: string, why: string): Promise<void> {
  const { root } = place;
  const main = await defaultBranch(root);
  refuseDefault(main, branch);
  const head = await headOf(root, main, branch);
  if (head === null) return;
  const tip = await freshTip(root, main);
  if (!(await branchBeyond(root, tip, head)).ours) {
    place.log?.(`the branch ${branch} was kept: somebody else added commits to it (${why})`);
    return;
  }
  if (main.remote) await deleteRemoteBranch(root, branch, head);
  await deleteLocalBranch(place, branch, head, why);
}

async function deleteLocalBranch(place: Place, branch: string, head: string, why: string): Promise<void> {
  const { root } = place;
  const ref = `refs/heads/${branch}`;
  // With a remote, a local branch is a person's copy: it is deleted only if it has no commits of its own.
  if ((await commitAt(root, ref)) !== head) return;
  if (await isCheckedOutAnywhere(root, branch)) {
    place.log?.(`the branch ${branch} was left here, because it is checked out (${why})`);
    return;
  }
  await git(root, 'update-ref', '-d', ref, head);
}

async function headOf(root: string, main: DefaultBranch, branch: string): Promise<string | null> {
  if (!main.remote) return commitAt(root, `refs/heads/${branch}`);
  const head = await remoteCommit(root, branch);
  if (head !== undefined) return head;
  throw new RolloutError('git_failed', `origin does not say where its branch ${branch} is`, {
    hint: `run it by hand: git ls-remote origin ${branch}`,
  });
}

/** Does the branch already contain this change, with this message, and would merging it still give the same result? */
async function stillFits(
  { root }: Place,
  head: string,
  tip: string,
  files: TreeFiles,
  wanted: ReadonlyMap<string, Entry>,
  change: FileChange,
): Promise<boolean> {
  const base = await gitText(root, 'merge-base', tip, head);
  for (const [path, { blob }] of files.entries) {
    const now = wanted.get(path)?.blob ?? blob;
    if ((await entryAt(root, head, path))?.blob !== now) return false;
    if ((await entryAt(root, base, path))?.blob !== blob) return false;
  }
  const message = await gitText(root, 'log', '--max-count=1', '--format=%B', head);
  return lastingPart(message) === lastingPart(commitMessage(change));
}

async function point(
  place: Place,
  main: DefaultBranch,
  branch: string,
  head: string | null,
  commit: string,
): Promise<Published> {
  const { root } = place;
  if (main.remote) return push(root, branch, head, commit, { force: true });
  if (await isCheckedOutAnywhere(root, branch)) {
    throw new RolloutError('git_failed', `the branch ${branch} is checked out, so it was not changed`, {
      hint: `leave it: git switch ${main.name}`,
    });
  }
  const ref = `refs/heads/${branch}`;
  const old = head ?? '0'.repeat(commit.length);
  const moved = await tryGit(root, 'update-ref', ref, commit, old);
  return Buffer.isBuffer(moved) ? 'done' : 'moved';
}

async function isCheckedOutAnywhere(root: string, branch: string): Promise<boolean> {
  const trees = await gitText(root, 'worktree', 'list', '--porcelain');
  return trees.split('\n').includes(`branch refs/heads/${branch}`);
}

function refuseDefault(main: DefaultBranch, branch: string): void {
  if (branch !== main.name) return;
  throw new RolloutError('git_failed', `${branch} is the default branch, not one for a proposal`);
}
