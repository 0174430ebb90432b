import { baseIn, isOurs } from './commit-message.ts';

/** One commit of a branch, with what identifies its author. */
export interface BranchCommit {
  message: string;
  parents: readonly string[];
}

/** Whose commits a proposal's branch has. */
export interface OnBranch {
  /** Only the controller has written to the branch. */
  ours: boolean;
  /** Its base commit was dropped from the default branch by a force-push. */
  dropped: boolean;
}

/** A branch with more commits than this is not one of the controller's. */
const MOST_COMMITS = 100;

/**
 * Determines whose commits a branch has beyond the default branch; `read` returns null for a commit that the default
 * branch has.
 *
 * Commits below the base that a proposal names are ignored: they were on the default branch when it was made. A
 * force-push may have dropped them since, and they would otherwise count as a person's additions.
 */
export async function whoseBranch(
  head: string,
  read: (commit: string) => Promise<BranchCommit | null>,
): Promise<OnBranch> {
  const seen = new Set<string>();
  const waiting = [head];
  let dropped = false;
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    const commit = await read(sha);
    if (commit === null) continue;
    if (seen.size > MOST_COMMITS || !isOurs(commit.message)) return { ours: false, dropped };
    const base = baseIn(commit.message);
    if (base === null || !commit.parents.includes(base)) {
      // A change on top of a person's commit, or one that a person has moved elsewhere.
      waiting.push(...commit.parents);
      continue;
    }
    waiting.push(...commit.parents.filter((parent) => parent !== base));
    dropped ||= (await read(base)) !== null;
  }
  return { ours: true, dropped };
}
