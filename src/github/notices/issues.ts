import type { IncidentIssue } from '../../app/ports/incident-tracker.ts';
import { HOUR_MS } from '../../lib/time.ts';
import { type Client, ONCE } from '../api/client.ts';
import { statusOf } from '../api/failure.ts';
import { isMine } from '../api/viewer.ts';
import { putComment } from './comments.ts';
import { formatMarked, parseMarked } from './marked.ts';
import { assignOwner } from './owners.ts';

export const LABEL = 'rollout-incident';
/** Longest title that GitHub accepts. */
const LONGEST_TITLE = 256;

/** Authors whose issues count although another token wrote them: members of the repository, according to GitHub. */
const BELONGS: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

interface Written {
  user?: { login: string; type?: string } | null | undefined;
  body?: string | null | undefined;
  author_association?: string | undefined;
}

interface Known extends Written {
  number: number;
  html_url: string;
  state: string;
  title: string;
}

/** Creates or updates the issue of an incident. Comments and changes that were already made are not repeated. */
export async function putIssue(
  client: Client,
  issue: IncidentIssue,
): Promise<{ number: number; url: string; created: boolean }> {
  const { owner, repo, rest } = client;
  const title = issue.title.slice(0, LONGEST_TITLE);
  const body = formatMarked(keyOf(issue.incident), issue.body);
  const found = (await withNumber(client, issue)) ?? (await searched(client, issue))[0];
  const known = found ?? (await create(client, title, body));
  if (!found) await assignOwner(client, known.number, issue.owner);
  const state = issue.open ? 'open' : 'closed';
  const same =
    known.title === title && known.body?.replaceAll('\r\n', '\n') === body && known.state === state;
  const done = { number: known.number, url: known.html_url, created: !found };
  if (same) return done;
  // Written before the issue is closed, so that a lost answer leaves an open issue instead of one without a reason.
  if (!issue.open && issue.closing !== null) {
    await putComment(client, known.number, { key: `${keyOf(issue.incident)} closed`, body: issue.closing });
  }
  const reason = issue.open ? {} : { state_reason: 'completed' as const };
  await rest.issues.update({ owner, repo, issue_number: known.number, title, body, state, ...reason });
  return done;
}

/** Closes all issues of an incident except the oldest, and returns its number; null: there is none. */
export async function onlyOneIssue(client: Client, issue: IncidentIssue): Promise<number | null> {
  const [oldest, ...younger] = await searched(client, issue);
  if (!oldest) return null;
  for (const { number, state } of younger) {
    if (state === 'open') await closeDuplicate(client, number, oldest.number);
  }
  return oldest.number;
}

function keyOf(incident: string): string {
  return `incident ${incident}`;
}

/**
 * Returns a function that recognizes the issues of incidents. Any of the controller's tokens may have written them,
 * since tokens change; but a stranger's copy of the mark does not count.
 */
async function ourIssues(client: Client, incident: string): Promise<(issue: Written) => boolean> {
  const mine = await isMine(client);
  return ({ user, body, author_association = '' }) =>
    parseMarked(body ?? '')?.key === keyOf(incident) &&
    (mine(user) || user?.type === 'Bot' || BELONGS.has(author_association));
}

/** Returns the issue of the recorded number if it belongs to this incident. */
async function withNumber(client: Client, { number, incident }: IncidentIssue): Promise<Known | null> {
  if (number === null) return null;
  const { owner, repo, rest } = client;
  const ours = await ourIssues(client, incident);
  try {
    const { data } = await rest.issues.get({ owner, repo, issue_number: number });
    return ours(data) ? data : null;
  } catch (error) {
    const status = statusOf(error);
    // Deleted, or moved to another repository.
    if (status === 404 || status === 410 || status === 301) return null;
    throw error;
  }
}

/** Searches all issues of an incident, oldest first, including those of other runs or lost answers. */
async function searched(client: Client, { incident, opened_at }: IncidentIssue): Promise<Known[]> {
  const { owner, repo, rest, paginate, pages } = client;
  const ours = await ourIssues(client, incident);
  // The clocks of the database and of GitHub differ.
  const from = opened_at.getTime() - HOUR_MS;
  const since = new Date(from).toISOString();
  const query = { owner, repo, state: 'all' as const, since, per_page: 100 };
  const list = paginate.iterator(rest.issues.listForRepo, query);
  // Sorted by creation, newest first.
  const all = await pages(list, (some) => Date.parse(some.at(-1)?.created_at ?? '') < from);
  return all.filter(ours).sort((a, b) => a.number - b.number);
}

async function closeDuplicate(client: Client, number: number, of: number): Promise<void> {
  const { owner, repo, rest } = client;
  await putComment(client, number, { key: 'duplicate', body: `Duplicate of #${of}` });
  const closed = { state: 'closed' as const, state_reason: 'not_planned' as const };
  await rest.issues.update({ owner, repo, issue_number: number, ...closed });
}

async function create(client: Client, title: string, body: string): Promise<Known> {
  const { owner, repo, rest } = client;
  await ensureLabel(client);
  return (await rest.issues.create({ owner, repo, title, body, labels: [LABEL], ...ONCE })).data;
}

/** Creates a label with colour and description; if that is forbidden, the issue is created nevertheless. */
async function ensureLabel({ owner, repo, rest }: Client): Promise<void> {
  try {
    await rest.issues.getLabel({ owner, repo, name: LABEL });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    const description = 'A rollout that was rolled back, stopped or lowered by hand';
    await rest.issues
      .createLabel({ owner, repo, name: LABEL, color: 'b60205', description, ...ONCE })
      .catch((refusal) => {
        const status = statusOf(refusal);
        if (status !== 422 && status !== 403) throw refusal;
      });
  }
}
