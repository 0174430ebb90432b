/** A commit whose message may say that it takes another one back. */
interface Said {
  sha: string;
  message: string;
}

/** `git revert` names the commit; GitHub names the pull request, or nothing but the title of what is reverted. */
const NAMES_COMMIT = /^This reverts commit ([0-9a-f]{7,64})/gm;
const SAYS_SO = /^Revert "|^Reverts [\w.-]+\/[\w.-]+#\d+/m;

/** Those of these commits that say they take something back, and were not themselves taken back by another of them. */
export function standingReverts<S extends Said>(commits: Iterable<S>): S[] {
  const all = [...commits];
  const reverts = revertsIn(all);
  const says = ({ message }: Said) => SAYS_SO.test(message) || [...message.matchAll(NAMES_COMMIT)].length > 0;
  return all.filter((one) => says(one) && !isUndone(one.sha, reverts));
}

/** Commit -> those that take it back. */
function revertsIn(commits: readonly Said[]): Map<string, string[]> {
  const reverts = new Map<string, string[]>();
  for (const { sha, message } of commits) {
    for (const [, target = ''] of message.matchAll(NAMES_COMMIT)) {
      reverts.set(target, [...(reverts.get(target) ?? []), sha]);
    }
  }
  return reverts;
}

/** Was a commit taken back? A revert counts while nothing reverts it. */
function isUndone(commit: string, reverts: ReadonlyMap<string, string[]>): boolean {
  for (const [target, by] of reverts) {
    if (!commit.startsWith(target)) continue;
    // Commits only ever name older ones; a forged message that goes in a circle must not either.
    const others = new Map([...reverts].filter(([other]) => other !== target));
    if (by.some((revert) => !isUndone(revert, others))) return true;
  }
  return false;
}
