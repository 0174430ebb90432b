import type { IncidentIssue } from '../app/ports.ts';
import { type Client, ONCE } from './client.ts';
import { putComment } from './comments.ts';
import { statusOf } from './failure.ts';
import { formatMarked, parseMarked } from './marked.ts';
import { isMine } from './viewer.ts';

export const LABEL = 'rollout-incident';
const HOUR = 60 * 60 * 1000;
/** Longest title that GitHub takes. */
const LONGEST_TITLE = 256;

interface Known {
  number: number;
  html_url: string;
  state: string;
  title: string;
  body?: string | null | undefined;
}

/** Brings the issue of an incident to what it should be. What was said and done already is not said and done again. */
export async function putIssue(
  client: Client,
  issue: IncidentIssue,
): Promise<{ number: number; url: string }> {
  const { owner, repo, rest } = client;
  const title = issue.title.slice(0, LONGEST_TITLE);
  const body = formatMarked(keyOf(issue.incident), issue.body);
  const known =
    (await withNumber(client, issue)) ??
    (await searched(client, issue)) ??
    (await create(client, title, body));
  const state = issue.open ? 'open' : 'closed';
  const same =
    known.title === title && known.body?.replaceAll('\r\n', '\n') === body && known.state === state;
  const found = { number: known.number, url: known.html_url };
  if (same) return found;
  // Said before it is closed, so that an answer that is lost in between leaves an open issue, not one without a reason.
  if (!issue.open && issue.closing !== null) {
    await putComment(client, known.number, { key: `${keyOf(issue.incident)} closed`, body: issue.closing });
  }
  const reason = issue.open ? {} : { state_reason: 'completed' as const };
  await rest.issues.update({ owner, repo, issue_number: known.number, title, body, state, ...reason });
  return found;
}

function keyOf(incident: string): string {
  return `incident ${incident}`;
}

/** The issue of the number that was noted, if it is the one of this incident. */
async function withNumber(client: Client, { number, incident }: IncidentIssue): Promise<Known | null> {
  if (number === null) return null;
  const { owner, repo, rest } = client;
  const mine = await isMine(client);
  try {
    const { data } = await rest.issues.get({ owner, repo, issue_number: number });
    return mine(data.user) && parseMarked(data.body ?? '')?.key === keyOf(incident) ? data : null;
  } catch (error) {
    const status = statusOf(error);
    // Deleted, or moved to another repository.
    if (status === 404 || status === 410 || status === 301) return null;
    throw error;
  }
}

/** One whose number was never noted, because the answer to its creation was lost. */
async function searched(client: Client, { incident, opened_at }: IncidentIssue): Promise<Known | null> {
  const { owner, repo, rest, paginate, pages } = client;
  const mine = await isMine(client);
  // The clocks of the database and of GitHub differ.
  const since = new Date(opened_at.getTime() - HOUR).toISOString();
  const query = { owner, repo, state: 'all' as const, since, per_page: 100 };
  type Issue = Awaited<ReturnType<typeof rest.issues.listForRepo>>['data'][number];
  const ours = ({ user, body }: Issue) => mine(user) && parseMarked(body ?? '')?.key === keyOf(incident);
  const list = paginate.iterator(rest.issues.listForRepo, query);
  return (await pages(list, (all) => all.some(ours))).find(ours) ?? null;
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
    const description = 'A rollout that was taken back, stopped or lowered by hand';
    await rest.issues
      .createLabel({ owner, repo, name: LABEL, color: 'b60205', description, ...ONCE })
      .catch((refusal) => {
        const status = statusOf(refusal);
        if (status !== 422 && status !== 403) throw refusal;
      });
  }
}
