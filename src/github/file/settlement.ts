import type { Agreement } from '../../app/ports/configuration-repository.ts';
import type { AskOnce } from '../../domain/git/memo-by-revision.ts';
import { revertsIn, type Said, standingRevert } from '../../domain/git/reverts.ts';
import type { Settlement } from '../../domain/spec/incident.ts';
import { DAY_MS } from '../../lib/time.ts';
import { statusOf } from '../api/failure.ts';
import { contentAt, filesAt, type Place } from './read.ts';

/** Limit of pages of 100 commits; older commits are ignored. */
const MOST_PAGES = 10;
/**
 * Clocks differ, and a revert may wait on its branch for weeks: it is then older than commits that were settled before
 * its merge.
 */
const LONGEST_WAIT = 90 * DAY_MS;

/**
 * Determines the relation of the tip to the commits that settled an incident, the first of which is the tip of the
 * settling reconcile. Same rules as in a local working tree: `reverted` if a later commit says that it reverts another
 * one and the file thereby stops agreeing, unless it agreed again when it was last applied. Only commits that touch the
 * file are read.
 */
export async function settlementOf(
  place: Place,
  once: AskOnce,
  tip: string,
  commits: readonly string[],
  agreement?: Agreement,
): Promise<Settlement> {
  const contained = (commit: string) =>
    once(tip, `contains ${commit}`, () => containedSince(place, tip, commit));
  const listed = (commit: string, from: string) =>
    once(tip, `commits of ${commit} since ${from}`, async () => {
      const { blobs } = await once(tip, 'files', () => filesAt(place, tip));
      return commitsOf(place, commit, from, blobs.size > 1);
    });
  let since: string | null = null;
  for (const commit of commits) {
    const date = await contained(commit);
    if (date === null) return 'missing';
    since ??= date;
  }
  const [settled] = commits;
  if (settled === undefined || since === null || settled === tip || !agreement) return 'contained';
  const from = new Date(Date.parse(since) - LONGEST_WAIT).toISOString();
  const reverts = revertsIn(await listed(tip, from));
  if (reverts.length === 0) return 'contained';
  const { agrees, applied } = agreement;
  const agreesAt = async (commit: string | undefined) =>
    commit === undefined || agrees(await once(tip, `file in ${commit}`, () => contentAt(place, commit)));
  const again = applied !== null && (await contained(applied)) !== null && (await agreesAt(applied)) === true;
  const before = new Set<string>();
  for (const commit of again ? [settled, applied] : [settled]) {
    for (const { sha } of await listed(commit, from)) before.add(sha);
  }
  const later = reverts.filter(({ sha }) => !before.has(sha));
  return (await standingRevert(later, agreesAt)) ? 'reverted' : 'contained';
}

/** Returns when the commit was made; null: the tip does not descend from it. */
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
    // GitHub does not know the commit, or the two have no common ancestor.
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Reads commits of the file that lead to one, newest first; commits of all files if it is one of `several`. */
async function commitsOf(
  { client, path }: Place,
  sha: string,
  since: string,
  several: boolean,
): Promise<Said[]> {
  const { owner, repo, rest, paginate, pages } = client;
  const query = { owner, repo, sha, ...(several ? {} : { path }), per_page: 100, since };
  const most = MOST_PAGES * 100;
  const list = await pages(paginate.iterator(rest.repos.listCommits, query), (all) => all.length >= most);
  return list.slice(0, most).map(({ sha, commit, parents }) => {
    return { sha, message: commit.message, parent: parents[0]?.sha };
  });
}
