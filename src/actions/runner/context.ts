import { readFileSync } from 'node:fs';
import type { Environment } from '../../compose/environment/settings.ts';
import { RolloutError } from '../../errors.ts';

/** The run as described by GitHub. */
export interface Context {
  event: string;
  owner: string;
  repo: string;
  /** Is the repository private? Null if the event does not contain it: then nothing private is shown. */
  isPrivate: boolean | null;
  ref: string;
  /** The checked-out commit; for a pull request, the trial merge. */
  sha: string;
  /** Default branch; null if the event does not contain it. A schedule only runs on the default branch. */
  defaultBranch: string | null;
  /** Actor for history. */
  actor: string;
  /** Pull request of the event; null if it is not about one. */
  pullRequest: { number: number; head: string; base: string; fork: boolean } | null;
  /** A merge queue's base commit and target branch. Null outside of a merge queue. */
  mergeGroup: { onto: string; base: string | null } | null;
  /** The tip of the branch before a push; null if there was none, and for every other event. */
  before: string | null;
  /** Base URLs of this GitHub, only from the runner. */
  urls: { api: string; graphql: string; server: string };
  /** URL of this run. */
  run: string;
}

interface Payload {
  repository?: { default_branch?: string; private?: boolean; full_name?: string };
  pull_request?: {
    number: number;
    head: { sha: string; repo: { full_name: string } | null };
    base: { ref: string };
  };
  merge_group?: { base_sha: string; base_ref: string };
  before?: string;
}

/** Throws `usage` outside of a GitHub Actions job. */
export function contextOf(environment: Environment): Context {
  const [owner = '', repo = ''] = required(environment, 'GITHUB_REPOSITORY').split('/');
  const payload = payloadOf(environment.GITHUB_EVENT_PATH);
  const server = required(environment, 'GITHUB_SERVER_URL');
  const event = required(environment, 'GITHUB_EVENT_NAME');
  const ref = environment.GITHUB_REF ?? '';
  return {
    event,
    owner,
    repo,
    isPrivate: payload.repository?.private ?? null,
    ref,
    sha: required(environment, 'GITHUB_SHA'),
    defaultBranch: payload.repository?.default_branch ?? (event === 'schedule' ? branchOf(ref) : null),
    actor: actorOf(environment, event),
    pullRequest: pullRequestOf(payload, `${owner}/${repo}`),
    mergeGroup: mergeGroupOf(payload),
    before: event === 'push' && !/^0*$/.test(payload.before ?? '') ? (payload.before ?? null) : null,
    urls: {
      api: required(environment, 'GITHUB_API_URL'),
      graphql: required(environment, 'GITHUB_GRAPHQL_URL'),
      server,
    },
    run: `${server}/${owner}/${repo}/actions/runs/${environment.GITHUB_RUN_ID ?? ''}`,
  };
}

/** Returns `main` for `refs/heads/main`; null for a tag or a pull request. */
export function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/** A schedule has no actor: GitHub names whoever last edited the workflow. */
function actorOf(environment: Environment, event: string): string {
  if (event === 'schedule') return 'github:schedule';
  return `github:${environment.GITHUB_TRIGGERING_ACTOR || environment.GITHUB_ACTOR || 'unknown'}`;
}

function pullRequestOf({ pull_request }: Payload, repository: string): Context['pullRequest'] {
  if (!pull_request) return null;
  const { number, head, base } = pull_request;
  // A fork that was deleted meanwhile still counts as a fork.
  const fork = head.repo?.full_name.toLowerCase() !== repository.toLowerCase();
  return { number, head: head.sha, base: base.ref, fork };
}

function mergeGroupOf({ merge_group: group }: Payload): Context['mergeGroup'] {
  return group ? { onto: group.base_sha, base: branchOf(group.base_ref) } : null;
}

function payloadOf(path: string | undefined): Payload {
  return path ? (JSON.parse(readFileSync(path, 'utf8')) as Payload) : {};
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new RolloutError('usage', `${name} is not set: this is the action, which runs in a GitHub workflow`, {
    hint: 'on a command line run: rollout --help',
  });
}
