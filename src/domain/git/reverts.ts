/** A commit whose message may announce a revert. */
export interface Said {
  sha: string;
  /** The first parent; left out: it has none. */
  parent?: string | undefined;
  message: string;
}

/** `git revert` names the commit; GitHub names the pull request, or only the title of the reverted change. */
const NAMES_COMMIT = /^This reverts commit ([0-9a-f]{7,64})/gm;
const SAYS_SO = /^Revert "|^Reverts [\w.-]+\/[\w.-]+#\d+/m;

/** Returns the commits whose messages announce a revert. */
export function revertsIn(commits: readonly Said[]): Said[] {
  return commits.filter(({ message }) => SAYS_SO.test(message) || namedBy(message).length > 0);
}

function namedBy(message: string): string[] {
  return [...message.matchAll(NAMES_COMMIT)].map(([, commit = '']) => commit);
}

/**
 * Returns the reverts that made the file stop agreeing with an incident and that are not reverted themselves by one
 * that makes the file agree again. A message alone undoes nothing. If a commit's file cannot be read (null), the revert
 * counts as standing, so that repairing a broken file raises nothing.
 */
export async function standingRevert(
  reverts: readonly Said[],
  agreesAt: (commit: string | undefined) => Promise<boolean | null>,
): Promise<Said | null> {
  for (const one of reverts) {
    if ((await agreesAt(one.parent)) === false || (await agreesAt(one.sha)) === true) continue;
    if (!(await isUndone(one, reverts, agreesAt))) return one;
  }
  return null;
}

async function isUndone(
  { sha }: Said,
  reverts: readonly Said[],
  agreesAt: (commit: string) => Promise<boolean | null>,
): Promise<boolean> {
  for (const other of reverts) {
    const names = namedBy(other.message).some((named) => sha.startsWith(named));
    if (names && (await agreesAt(other.sha)) === true) return true;
  }
  return false;
}
