import type { Settlement } from '../domain/incident.ts';
import { RolloutError } from '../errors.ts';
import { git, gitText, tryGit } from './git.ts';

/**
 * How the tip stands to the commits that settled an incident.
 *
 * `reverted` when a commit since then took one of them back with `git revert`, which writes
 * "This reverts commit SHA" into its message, and was not itself reverted.
 */
export async function settlementOf(
  folder: string,
  tip: string,
  commits: readonly string[],
): Promise<Settlement> {
  for (const commit of commits) {
    if (!(await descends(folder, tip, commit))) return 'missing';
    if (await isReverted(folder, tip, commit)) return 'reverted';
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

async function isReverted(folder: string, tip: string, commit: string): Promise<boolean> {
  const log = (await git(folder, 'log', '--format=%H%x00%B%x01', `${commit}..${tip}`)).toString('utf8');
  const reverts = new Map<string, string[]>();
  for (const entry of log.split('\x01')) {
    const [hash = '', body = ''] = entry.trim().split('\0');
    for (const [, target = ''] of body.matchAll(/^This reverts commit ([0-9a-f]{7,64})/gm)) {
      reverts.set(target, [...(reverts.get(target) ?? []), hash]);
    }
  }
  return stands(commit, reverts);
}

/** A revert counts while nothing reverts it. Commits only ever name older ones, so this ends. */
function stands(commit: string, reverts: ReadonlyMap<string, string[]>): boolean {
  for (const [target, by] of reverts) {
    if (commit.startsWith(target) && by.some((revert) => !stands(revert, reverts))) return true;
  }
  return false;
}
