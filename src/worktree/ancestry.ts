import type { Settlement } from '../domain/incident.ts';
import { isUndone, revertsIn } from '../domain/reverts.ts';
import { RolloutError } from '../errors.ts';
import { git, gitSays, gitText, tryGit } from './git.ts';

/**
 * How the tip stands to the commits that settled an incident.
 *
 * `reverted` when a commit since then took one of them back with `git revert`, which writes
 * "This reverts commit SHA" into its message, and was not itself reverted. The commit that settled is the tip of
 * that reconcile; what is reverted may be the commit in it that changed the file at `path`, or the merge that
 * brought it.
 */
export async function settlementOf(
  folder: string,
  path: string,
  tip: string,
  commits: readonly string[],
): Promise<Settlement> {
  for (const commit of commits) {
    if (!(await descends(folder, tip, commit))) return 'missing';
    if (await isReverted(folder, path, tip, commit)) return 'reverted';
  }
  return 'contained';
}

/** Is `commit` the tip or one of its ancestors? */
async function descends(folder: string, tip: string, commit: string): Promise<boolean> {
  const answer = await tryGit(folder, 'merge-base', '--is-ancestor', commit, tip);
  if (Buffer.isBuffer(answer)) return true;
  // In a shallow clone "no" and "unknown commit" mean that the history ends too early to tell.
  if ((await gitText(folder, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new RolloutError(
      'revision_refused',
      `this is a shallow clone: whether ${tip.slice(0, 10)} descends from ${commit.slice(0, 10)} cannot be known`,
      { hint: 'run: git fetch --unshallow (in a workflow: fetch-depth: 0), then run the command again' },
    );
  }
  return false;
}

async function isReverted(folder: string, path: string, tip: string, commit: string): Promise<boolean> {
  const log = (await git(folder, 'log', '-z', '--format=%H%n%B', `${commit}..${tip}`)).toString('utf8');
  const commits = log.split('\0').map((entry) => ({ sha: entry.split('\n', 1)[0] ?? '', message: entry }));
  const reverts = revertsIn(commits);
  if (reverts.size === 0) return false;
  return (await sameChange(folder, path, commit)).some((one) => isUndone(one, reverts));
}

/** The commits whose revert takes back what the file says at `commit`: the last that changed it, and its merge. */
async function sameChange(folder: string, path: string, commit: string): Promise<string[]> {
  const [changed] = await lines(folder, 'log', '-1', '--format=%H', commit, '--', `:(top,literal)${path}`);
  if (changed === undefined || changed === commit) return [commit];
  return [changed, ...(await mergeOf(folder, changed, commit))];
}

/** The merge by which `changed` came onto the branch that ends in `commit`; none where it was made on it. */
async function mergeOf(folder: string, changed: string, commit: string): Promise<string[]> {
  const merges = ['rev-list', '--merges', `${changed}..${commit}`];
  const later = new Set(await lines(folder, ...merges, '--ancestry-path'));
  const merge = (await lines(folder, ...merges, '--first-parent')).findLast((one) => later.has(one));
  if (merge === undefined || (await gitSays(folder, 'merge-base', '--is-ancestor', changed, `${merge}^1`))) {
    return [];
  }
  return [merge];
}

async function lines(folder: string, ...args: string[]): Promise<string[]> {
  return (await gitText(folder, ...args)).split('\n').filter(Boolean);
}
