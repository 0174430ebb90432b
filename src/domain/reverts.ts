/** A commit whose message may say that it takes another one back. */
interface Said {
  sha: string;
  message: string;
}

/** What commits take back with `git revert`, which writes "This reverts commit SHA" into their messages. */
export function revertsIn(commits: Iterable<Said>): Map<string, string[]> {
  const reverts = new Map<string, string[]>();
  for (const { sha, message } of commits) {
    for (const [, target = ''] of message.matchAll(/^This reverts commit ([0-9a-f]{7,64})/gm)) {
      reverts.set(target, [...(reverts.get(target) ?? []), sha]);
    }
  }
  return reverts;
}

/** Was a commit taken back? A revert counts while nothing reverts it. */
export function isUndone(commit: string, reverts: ReadonlyMap<string, string[]>): boolean {
  for (const [target, by] of reverts) {
    if (!commit.startsWith(target)) continue;
    // Commits only ever name older ones; a forged message that goes in a circle must not either.
    const others = new Map([...reverts].filter(([other]) => other !== target));
    if (by.some((revert) => !isUndone(revert, others))) return true;
  }
  return false;
}
