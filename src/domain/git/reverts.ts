/** A commit whose message may say that it takes another one back. */
export interface Said {
  sha: string;
  /** The first parent; left out: it has none. */
  parent?: string | undefined;
  message: string;
}

/** `git revert` names the commit; GitHub names the pull request, or nothing but the title of what is reverted. */
const NAMES_COMMIT = /^This reverts commit ([0-9a-f]{7,64})/gm;
const SAYS_SO = /^Revert "|^Reverts [\w.-]+\/[\w.-]+#\d+/m;

/** Those of these commits that say they take something back. */
export function revertsIn(commits: readonly Said[]): Said[] {
  return commits.filter(({ message }) => SAYS_SO.test(message) || namedBy(message).length > 0);
}

function namedBy(message: string): string[] {
  return [...message.matchAll(NAMES_COMMIT)].map(([, commit = '']) => commit);
}

/**
 * The reverts with which the file stopped agreeing with an incident, and that stand: none of the others names it and
 * has the file agree again. Words alone undo nothing. Where a commit's file cannot be read (null), it counts as what
 * makes it a revert that stands: whoever mends the file raises nothing by that.
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
