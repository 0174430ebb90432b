import type { MergedPull } from '../../app/ports/pull-requests.ts';
import type { Client } from '../api/client.ts';
import { statusOf } from '../api/failure.ts';

/** Commits of the default branch that are asked for their pull request; what is older is in history all the same. */
const MOST_COMMITS = 20;

/**
 * The merged pull requests that brought the default branch from `base` to `tip`, newest first. Walks the first parents:
 * what a branch had of its own commits is part of its merge. Without a base, or with one that GitHub has forgotten,
 * only the tip is asked.
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

/** First parents of the commits that the tip has and the base has not. */
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
