import type { MergedPull } from '../../app/ports/pull-requests.ts';
import type { Client } from '../api/client.ts';
import { statusOf } from '../api/failure.ts';

/** Limit of commits whose pull request is requested; older ones are still in history. */
const MOST_COMMITS = 20;

/**
 * Returns the merged pull requests between `base` and `tip` on the default branch, newest first. Walks the first
 * parents, because a branch's own commits belong to its merge. Without a base, or with one that GitHub no longer has,
 * only the tip is checked.
 */
export async function mergedBetween(client: Client, base: string | null, tip: string): Promise<MergedPull[]> {
  const parents = base === null ? new Map<string, string | null>() : await parentsBetween(client, base, tip);
  const found = new Map<number, MergedPull>();
  let commit: string | null = tip;
  for (let asked = 0; commit !== null && asked < MOST_COMMITS; asked++) {
    const number = await pullOf(client, commit);
    const parent: string | null = parents.get(commit) ?? null;
    if (number !== null) {
      const known = found.get(number);
      found.set(number, { number, commit: known?.commit ?? commit, parent });
    }
    commit = parent !== null && parents.has(parent) ? parent : null;
  }
  return [...found.values()];
}

/** Returns first parents of the commits that are on the tip but not on the base. */
async function parentsBetween({ owner, repo, rest }: Client, base: string, tip: string) {
  try {
    const { data } = await rest.repos.compareCommitsWithBasehead({
      ...{ owner, repo, basehead: `${base}...${tip}`, per_page: 100, page: 1 },
    });
    return new Map(data.commits.map(({ sha, parents }) => [sha, parents[0]?.sha ?? null]));
  } catch (error) {
    if (statusOf(error) === 404) return new Map<string, string | null>();
    throw error;
  }
}

async function pullOf({ owner, repo, rest }: Client, commit_sha: string): Promise<number | null> {
  const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ owner, repo, commit_sha });
  return data.find(({ merged_at }) => merged_at !== null)?.number ?? null;
}
