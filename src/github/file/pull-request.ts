import type { FileChange, FileChangeResult } from '../../app/ports/configuration-repository.ts';
import { ONCE } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';
import { MOVED } from '../api/repeat.ts';
import { formatMarked, parseMarked } from '../notices/marked.ts';
import type { Place } from './read.ts';

/** Finds, reopens, or opens the pull request of the branch, with this title and body. */
export async function putPullRequest(
  place: Place,
  base: string,
  change: FileChange,
  opening: { created: boolean },
): Promise<FileChangeResult | typeof MOVED> {
  const { owner, repo, rest } = place.client;
  const { title, branch } = change;
  const body = bodyOf(change);
  const known = await knownPull(place, base, change);
  if (known) {
    const state = known.state === 'open' ? {} : { state: 'open' as const };
    if (known.state === 'open' && known.title === title && known.body === body)
      return proposed(branch, known.number);
    try {
      await rest.pulls.update({
        owner,
        repo,
        pull_number: known.number,
        title,
        body,
        ...state,
        ...ONCE,
      });
      return proposed(branch, known.number);
    } catch (error) {
      // A pull request whose branch was deleted cannot be reopened.
      if (known.state === 'open' || statusOf(error) !== 422) throw error;
    }
  }
  opening.created = true;
  return create(place, base, change, body);
}

async function create(
  { client }: Place,
  base: string,
  { title, branch }: FileChange,
  body: string,
): Promise<FileChangeResult | typeof MOVED> {
  const { owner, repo, rest, page } = client;
  try {
    const { data } = await rest.pulls.create({ owner, repo, base, head: branch, title, body, ...ONCE });
    return proposed(branch, data.number);
  } catch (error) {
    const said = saidBy(error);
    // The answer to an earlier attempt was lost, or the branch has been merged since.
    if (statusOf(error) === 422 && /already exists|no commits between/i.test(said)) return MOVED;
    if (
      statusOf(error) !== 403 ||
      !/not permitted to create|not accessible by|must be a collaborator/i.test(said)
    ) {
      throw error;
    }
    const compare = `${page}/compare/${encodeURIComponent(base)}...${branch.split('/').map(encodeURIComponent).join('/')}?expand=1`;
    return { state: 'needs_person', branch, compare, why: said };
  }
}

/**
 * Finds the open pull request; otherwise, for incidents, the newest one about the same change that was closed without a
 * merge: closing it lifts no hold. A withdrawn step is proposed anew.
 */
async function knownPull({ client }: Place, base: string, { branch, trailers }: FileChange) {
  const { owner, repo, rest } = client;
  const head = `${owner}:${branch}`;
  const { data } = await rest.pulls.list({ owner, repo, head, base, state: 'all', per_page: 100 });
  const open = data.find(({ state }) => state === 'open');
  if (open) return open;
  if (!trailers.some((trailer) => trailer.startsWith('Rollout-Incident:'))) return undefined;
  const key = keyOf(trailers);
  return data.find(({ merged_at, body }) => merged_at === null && parseMarked(body ?? '')?.key === key);
}

export async function openPulls({ client }: Place, branch: string) {
  const { owner, repo, rest } = client;
  return (await rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, state: 'open' })).data;
}

function proposed(branch: string, pull_request: number): FileChangeResult {
  return { state: 'proposed', branch, pull_request };
}

/** Returns the trailers that identify the change, without the growing history. */
function keyOf(trailers: readonly string[]): string {
  const about = trailers.filter((trailer) => !trailer.startsWith('Rollout-History:'));
  return `change ${about.map((trailer) => trailer.replace(/^Rollout-/, '').replace(': ', '=')).join(' ')}`;
}

function bodyOf({ proposal, body, trailers }: FileChange): string {
  return formatMarked(keyOf(trailers), proposal ?? fenced(body));
}

/** Formats plain text in a fence that nothing in it can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.trim()}\n${fence}`;
}
