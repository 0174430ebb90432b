import { parseConfig } from '../../config/read/parse.ts';
import { errorText } from '../../lib/error-text.ts';
import { type Client, ONCE } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';

/** An owner as a GitHub account. */
type Owner = { login: string } | { organization: string; team: string };

/** Parses `@ada` or `@acme/data`; null: not a GitHub name. */
function ownerOf(text: string | null): Owner | null {
  const [, name = '', team] = /^@([\w-]{1,39})(?:\/([\w.-]{1,100}))?$/.exec(text?.trim() ?? '') ?? [];
  if (name === '') return null;
  return team === undefined ? { login: name } : { organization: name, team };
}

/** Returns the owners that a file names for features, each once. */
export function ownersIn(text: string, features: readonly string[]): string[] {
  const known = parseConfig(text).config?.features;
  return [...new Set(features.flatMap((feature) => known?.get(feature)?.owner ?? []))];
}

/**
 * Requests a review of a new pull request from the owners of its features, and assigns it to those who are people.
 * Warns of owners that GitHub rejects; the pull request stays.
 */
export async function askOwners(client: Client, number: number, owners: readonly string[]): Promise<void> {
  for (const text of owners) {
    const owner = ownerOf(text);
    if (owner)
      await warned(client, `#${number} is not shown to its owner ${text}`, () => ask(client, number, owner));
  }
}

/** Assigns a new issue to its feature's owner; a team cannot be assigned. */
export async function assignOwner(client: Client, number: number, text: string | null): Promise<void> {
  const owner = ownerOf(text);
  if (!owner || !('login' in owner)) return;
  await warned(client, `#${number} is not assigned to its owner ${text}`, () =>
    assign(client, number, owner.login),
  );
}

async function ask(client: Client, pull_number: number, owner: Owner): Promise<void> {
  const { owner: repository, repo, rest } = client;
  const to = 'login' in owner ? { reviewers: [owner.login] } : { team_reviewers: [teamIn(client, owner)] };
  try {
    await rest.pulls.requestReviewers({ owner: repository, repo, pull_number, ...to, ...ONCE });
  } catch (error) {
    // The author cannot review the proposal, but can be its assignee.
    if (statusOf(error) !== 422 || !/pull request author/i.test(saidBy(error))) throw error;
  }
  if ('login' in owner) await assign(client, pull_number, owner.login);
}

function teamIn({ owner }: Client, { organization, team }: { organization: string; team: string }): string {
  if (organization.toLowerCase() === owner.toLowerCase()) return team;
  throw new Error(`the team is not of ${owner}`);
}

/** GitHub silently ignores people who may not be assigned. */
async function assign({ owner, repo, rest }: Client, issue_number: number, login: string): Promise<void> {
  const { data } = await rest.issues.addAssignees({ owner, repo, issue_number, assignees: [login], ...ONCE });
  const taken = data.assignees?.some((one) => one.login.toLowerCase() === login.toLowerCase());
  if (!taken) throw new Error(`${login} may not be assigned in ${owner}/${repo}`);
}

async function warned({ surroundings }: Client, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const said = statusOf(error) === null ? errorText(error) : saidBy(error);
    surroundings.warn?.(`${what}: ${said}`);
  }
}
