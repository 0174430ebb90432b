import type { Agreement } from '../../app/ports/configuration-repository.ts';
import type { AskOnce } from '../../domain/git/memo-by-revision.ts';
import { revertsIn, type Said, standingRevert } from '../../domain/git/reverts.ts';
import type { Settlement } from '../../domain/spec/incident.ts';
import { RolloutError } from '../../errors.ts';
import { contentAt } from './files.ts';
import { git, gitText, tryGit } from './git.ts';

/** A file in a working tree, and the known part of its history. */
export interface History {
  folder: string;
  path: string;
  once: AskOnce;
}

/**
 * Determines the relation of the tip to the commits that settled an incident, the first of which is the tip of the
 * settling reconcile.
 *
 * `reverted` if a later commit says that it reverts another one and the file at `path` thereby stops agreeing, unless
 * it agreed again when it was last applied. It does not matter which commit the revert names, because any of several
 * commits may have settled the incident.
 */
export async function settlementOf(
  { folder, path, once }: History,
  tip: string,
  commits: readonly string[],
  agreement?: Agreement,
): Promise<Settlement> {
  const contains = (commit: string) =>
    once(tip, `descends from ${commit}`, () => descends(folder, tip, commit));
  const reverts = (...since: string[]) =>
    once(tip, `reverts since ${since.join()}`, () => revertsSince(folder, tip, since));
  const content = (commit: string) =>
    once(tip, `${path} in ${commit}`, () => contentAt(folder, path, commit));
  for (const commit of commits) {
    if (!(await contains(commit))) return 'missing';
  }
  const [settled] = commits;
  if (settled === undefined || !agreement || (await reverts(settled)).length === 0) return 'contained';
  const { agrees, applied } = agreement;
  const agreesAt = async (commit: string | undefined) =>
    commit === undefined || agrees(await content(commit));
  const again = applied !== null && (await contains(applied)) && (await agreesAt(applied)) === true;
  const since = again ? [settled, applied] : [settled];
  return (await standingRevert(await reverts(...since), agreesAt)) ? 'reverted' : 'contained';
}

/** Is `commit` the tip or one of its ancestors? */
async function descends(folder: string, tip: string, commit: string): Promise<boolean> {
  const answer = await tryGit(folder, 'merge-base', '--is-ancestor', commit, tip);
  if (Buffer.isBuffer(answer)) return true;
  // In a shallow clone, "no" and "unknown commit" may also mean that the history is cut off.
  if ((await gitText(folder, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new RolloutError(
      'revision_refused',
      `this is a shallow clone: whether ${tip.slice(0, 10)} descends from ${commit.slice(0, 10)} cannot be known`,
      { hint: 'run: git fetch --unshallow (in a workflow: fetch-depth: 0), then run the command again' },
    );
  }
  return false;
}

async function revertsSince(folder: string, tip: string, since: readonly string[]): Promise<Said[]> {
  const log = await git(folder, 'log', '-z', '--format=%H %P%n%B', tip, '--not', ...since);
  const commits = log
    .toString('utf8')
    .split('\0')
    .map((entry) => {
      const [commit = '', ...message] = entry.split('\n');
      const [sha = '', parent] = commit.split(' ').filter(Boolean);
      return { sha, parent, message: message.join('\n') };
    });
  return revertsIn(commits);
}
