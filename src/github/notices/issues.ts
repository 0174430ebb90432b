import type { IncidentIssue } from '../../app/ports/incident-tracker.ts';
import { HOUR_MS } from '../../lib/time.ts';
import { type Client, ONCE } from '../api/client.ts';
import { statusOf } from '../api/failure.ts';
import { isMine } from '../api/viewer.ts';
import { putComment } from './comments.ts';
import { formatMarked, parseMarked } from './marked.ts';
import { assignOwner } from './owners.ts';

export const LABEL = 'rollout-incident';
/** Longest title that GitHub takes. */
const LONGEST_TITLE = 256;

/** Whose issues count although they are not of this token: those who belong to the repository, as far as it says. */
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

/** Brings the issue of an incident to what it should be. What was said and done already is not said and done again. */
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
  // Said before it is closed, so that an answer that is lost in between leaves an open issue, not one without a reason.
  if (!issue.open && issue.closing !== null) {
    await putComment(client, known.number, { key: `${keyOf(issue.incident)} closed`, body: issue.closing });
  }
  const reason = issue.open ? {} : { state_reason: 'completed' as const };
  await rest.issues.update({ owner, repo, issue_number: known.number, title, body, state, ...reason });
  return done;
}

/** Closes all issues of an incident but the oldest, whose number it returns; null: there is none. */
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
 * Tells the issues of an incident. By which token they were written does not matter: it may have been another one
 * then. But a stranger can write the same mark into a text of their own.
 */
async function ourIssues(client: Client, incident: string): Promise<(issue: Written) => boolean> {
  const mine = await isMine(client);
  return ({ user, body, author_association = '' }) =>
    parseMarked(body ?? '')?.key === keyOf(incident) &&
    (mine(user) || user?.type === 'Bot' || BELONGS.has(author_association));
}

/** The issue of the number that was noted, if it is the one of this incident. */
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

/** All of an incident, oldest first: also one that another run made, or of which the answer was lost. */
async function searched(client: Client, { incident, opened_at }: IncidentIssue): Promise<Known[]> {
  const { owner, repo, rest, paginate, pages } = client;
  const ours = await ourIssues(client, incident);
  // The clocks of the database and of GitHub differ.
  const from = opened_at.getTime() - HOUR_MS;
  const since = new Date(from).toISOString();
  const query = { owner, repo, state: 'all' as const, since, per_page: 100 };
  const list = paginate.iterator(rest.issues.listForRepo, query);
  // They come with the newest first, by when they were created.
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

/** A label with a colour and a meaning; where it may not be made, the issue comes all the same. */
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
