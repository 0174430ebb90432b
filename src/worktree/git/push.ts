import { commitAt, fetchBranch } from './default-branch.ts';
import { gitSays, gitText, succeeded, tryGit } from './git.ts';

/** `moved`: the branch is no longer at the expected commit, so the caller reads it again. */
export type Published = 'done' | 'moved';

/** Git's message if two pushes collide on the server. */
const RACE = /cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info/i;

/** Pushes a commit to a branch of the remote. `old` is the expected tip; null: the branch must not exist. */
export async function push(
  root: string,
  branch: string,
  old: string | null,
  commit: string,
  { force }: { force: boolean },
): Promise<Published> {
  const ref = `refs/heads/${branch}`;
  const lease = force ? [`--force-with-lease=${ref}:${old ?? ''}`] : [];
  const args = ['push', '--quiet', '--no-verify', '--no-signed', '--no-follow-tags'];
  const pushed = await tryGit(
    root,
    ...args,
    '--recurse-submodules=no',
    ...lease,
    'origin',
    `${commit}:${ref}`,
  );
  if (Buffer.isBuffer(pushed)) {
    await track(root, branch, commit);
    return 'done';
  }
  // The connection may have broken after the server accepted the commit, so the branch's present tip decides.
  const now = await remoteCommit(root, branch);
  if (now && (now === commit || (await gitSays(root, 'merge-base', '--is-ancestor', commit, now))))
    return 'done';
  if (now !== undefined && (now !== old || RACE.test(pushed.message))) return 'moved';
  succeeded(pushed, ['push', 'origin', `${commit}:${ref}`]);
  return 'moved';
}

/** Deletes a branch of the remote, if it is still at the expected commit. */
export async function deleteRemoteBranch(root: string, branch: string, seen: string): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const args = ['push', '--quiet', '--no-verify', '--no-signed'];
  const deleted = await tryGit(root, ...args, `--force-with-lease=${ref}:${seen}`, 'origin', `:${ref}`);
  const gone = Buffer.isBuffer(deleted) || (await remoteCommit(root, branch)) === null;
  if (!gone) succeeded(deleted, ['push', 'origin', '--delete', branch]);
  await tryGit(root, 'update-ref', '-d', `refs/remotes/origin/${branch}`);
}

/**
 * Fetches a branch and returns its present tip on the remote; null: it does not exist; undefined: the remote does not
 * answer.
 */
export async function remoteCommit(root: string, branch: string): Promise<string | null | undefined> {
  const ref = `refs/heads/${branch}`;
  const listed = await tryGit(root, 'ls-remote', 'origin', ref);
  if (!Buffer.isBuffer(listed)) return undefined;
  if (
    !listed
      .toString('utf8')
      .split('\n')
      .some((line) => line.endsWith(`\t${ref}`))
  )
    return null;
  try {
    await fetchBranch(root, branch);
  } catch {
    return undefined;
  }
  return commitAt(root, `refs/remotes/origin/${branch}`);
}

/** git does this itself if the clone follows the branch; a clone of a single branch does not. */
async function track(root: string, branch: string, commit: string): Promise<void> {
  const ref = `refs/remotes/origin/${branch}`;
  const has = await gitText(root, 'for-each-ref', '--format=%(objectname)', ref);
  if (has !== commit) await tryGit(root, 'update-ref', ref, commit);
}
