import type { Settlement } from '../domain/incident.ts';
import { isUndone, revertsIn } from '../domain/reverts.ts';
import { statusOf } from './failure.ts';
import type { Place } from './read.ts';

/** A commit with what a settlement is judged by. */
interface Listed {
  sha: string;
  message: string;
  parents: string[];
  /** Of the committer. */
  date: string;
}

/** Pages of 100 commits that are looked through; what is older is not. */
const MOST_PAGES = 10;
const DAY = 24 * 60 * 60 * 1000;

/**
 * How the tip stands to the commits that settled an incident; the rules are those of the local working tree:
 * `reverted` when a commit since then took one of them back ("This reverts commit SHA"), and was not itself
 * reverted. Only commits that touch the file are looked at, which a revert of its change does.
 */
export async function settlementOf(
  place: Place,
  tip: string,
  commits: readonly string[],
): Promise<Settlement> {
  for (const commit of commits) {
    const since = await containedSince(place, tip, commit);
    if (since === null) return 'missing';
    if (commit !== tip && (await isReverted(place, tip, commit, since))) return 'reverted';
  }
  return 'contained';
}

/** When the commit was made; null: the tip does not descend from it. */
async function containedSince({ client }: Place, tip: string, commit: string): Promise<string | null> {
  const { owner, repo, rest } = client;
  try {
    const basehead = `${commit}...${tip}`;
    const { data } = await rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead,
      per_page: 1,
      page: 1,
    });
    const contained = data.status === 'ahead' || data.status === 'identical';
    return contained ? (data.base_commit.commit.committer?.date ?? '1970-01-01T00:00:00Z') : null;
  } catch (error) {
    // GitHub has no such commit, or the two have no common ancestor.
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function isReverted(place: Place, tip: string, commit: string, since: string): Promise<boolean> {
  // Clocks differ; a revert that a slow one dates before what it reverts is still found.
  const from = new Date(Date.parse(since) - DAY).toISOString();
  const reverts = revertsIn(await commitsOf(place, { sha: tip, since: from }));
  if (reverts.size === 0) return false;
  return (await sameChange(place, commit)).some((one) => isUndone(one, reverts));
}

/** The commits whose revert takes back what the file says at `commit`: the last that changed it, and its merge. */
async function sameChange(place: Place, commit: string): Promise<string[]> {
  const [changed] = await commitsOf(place, { sha: commit, limit: 1 });
  if (!changed || changed.sha === commit) return [commit];
  const merge = mergeOf(changed.sha, commit, await between(place, changed.sha, commit));
  return merge === null ? [changed.sha] : [changed.sha, merge];
}

/** Commits of the file, newest first. */
async function commitsOf(
  { client, path }: Place,
  { sha, since, limit }: { sha: string; since?: string; limit?: number },
): Promise<Listed[]> {
  const { owner, repo, rest, paginate, pages } = client;
  const per_page = limit ?? 100;
  const query = { owner, repo, sha, path, per_page, ...(since === undefined ? {} : { since }) };
  const most = limit ?? MOST_PAGES * 100;
  const list = await pages(paginate.iterator(rest.repos.listCommits, query), (all) => all.length >= most);
  return list.slice(0, most).map(listed);
}

async function between({ client }: Place, from: string, to: string): Promise<Map<string, Listed>> {
  const { owner, repo, rest } = client;
  const all = new Map<string, Listed>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = { owner, repo, basehead: `${from}...${to}`, per_page: 100, page };
    const { data } = await rest.repos.compareCommitsWithBasehead(query);
    for (const commit of data.commits) all.set(commit.sha, listed(commit));
    if (data.commits.length < 100) break;
  }
  return all;
}

/** The merge on the branch that ends in `commit` by which `changed` came onto it; null: it was made on it. */
function mergeOf(changed: string, commit: string, range: ReadonlyMap<string, Listed>): string | null {
  const reaching = new Map<string, boolean>([[changed, true]]);
  const reaches = (sha: string): boolean => {
    const known = reaching.get(sha);
    if (known !== undefined) return known;
    reaching.set(sha, false);
    const found = range.get(sha)?.parents.some(reaches) ?? false;
    reaching.set(sha, found);
    return found;
  };
  for (let at = range.get(commit); at; at = range.get(at.parents[0] ?? '')) {
    const [first = '', ...others] = at.parents;
    if (!reaches(first)) return others.some(reaches) ? at.sha : null;
  }
  return null;
}

function listed(commit: {
  sha: string;
  commit: { message: string; committer: { date?: string } | null };
  parents: { sha: string }[];
}): Listed {
  const { message, committer } = commit.commit;
  return {
    sha: commit.sha,
    message,
    parents: commit.parents.map(({ sha }) => sha),
    date: committer?.date ?? '',
  };
}
