import type {
  ChangeRefused,
  ConfigurationRepository,
  FileChange,
  FileChangeResult,
  Refusal,
  Tip,
} from '../app/ports/configuration-repository.ts';
import type { DeploymentLog } from '../app/ports/deployment-log.ts';
import type { IncidentTracker } from '../app/ports/incident-tracker.ts';
import type {
  MergedPull,
  OpenProposal,
  PlanChecks,
  PullRequestComments,
} from '../app/ports/pull-requests.ts';
import type { RepositoryFacts } from '../app/ports/repository-facts.ts';
import { askOncePerTip } from '../domain/git/memo-by-revision.ts';
import { RolloutError } from '../errors.ts';
import { askedOnce } from '../lib/single-flight.ts';
import { type Client, openClient } from './api/client.ts';
import { repositoryFacts } from './api/facts.ts';
import { type Address, LIMITS, type Limits, type Surroundings } from './api/surroundings.ts';
import { commitChange } from './file/change.ts';
import { proposeChange } from './file/propose.ts';
import { contentAt, defaultTip, filesAt, type Place } from './file/read.ts';
import { settlementOf } from './file/settlement.ts';
import { withdrawProposal } from './file/withdraw.ts';
import { putCheck } from './notices/checks.ts';
import { putComment } from './notices/comments.ts';
import { putDeployment } from './notices/deployments.ts';
import { onlyOneIssue, putIssue } from './notices/issues.ts';
import { mergedBetween } from './notices/merged-pulls.ts';
import { openProposals } from './notices/open-proposals.ts';

/** All requests of the controller to GitHub. */
export interface Github {
  configuration: ConfigurationRepository;
  incidents: IncidentTracker;
  deployments: DeploymentLog;
  comments: PullRequestComments;
  checks: PlanChecks;
  /** Returns the newest open pull requests to the default branch that may change the file. */
  openProposals(): Promise<OpenProposal[]>;
  facts(): Promise<RepositoryFacts>;
  /** Reads the file in a commit; null: it has none. */
  fileAt(commit: string): Promise<Uint8Array | null>;
  /** Returns the first parent of a commit, which is the base of a trial merge. Null: it has none. */
  parentOf(commit: string): Promise<string | null>;
  /** Returns the merged pull requests between two commits of the default branch, newest first. */
  mergedBetween(base: string | null, tip: string): Promise<MergedPull[]>;
  /** Returns the pull request that added a commit; null: none did. */
  pullRequestOf(commit: string): Promise<{ number: number; title: string; author: string | null } | null>;
}

export interface Opened {
  address: Address;
  /** Path of the configuration file in the repository, with slashes. */
  path: string;
  /** From the event; null: GitHub is asked. */
  defaultBranch: string | null;
}

/** Opens one repository on GitHub. No request is made before the first call. */
export function openGithub(
  { address, path, defaultBranch }: Opened,
  surroundings: Surroundings,
  limits: Limits = LIMITS,
): Github {
  const client = openClient(address, surroundings, limits);
  const place: Place = { client, path, defaultBranch: askedOnce(() => branchOf(client, defaultBranch)) };
  const name = `${client.owner}/${client.repo}`;
  const { call } = client;
  const once = askOncePerTip();
  return {
    configuration: {
      committed: true,
      readTip: () => call(`reading ${path} of ${name}`, () => readTip(place)),
      read: async (via) => {
        if (via === 'file') throw notHere();
        return call(`reading ${path} of ${name}`, () => readTip(place));
      },
      settlement: async (tip, commits, agreement) =>
        tip === null
          ? 'uncommitted'
          : call(`looking through the history of ${name}`, () =>
              settlementOf(place, once, tip, commits, agreement),
            ),
      change: (change) => call(`changing ${path} of ${name}`, () => changeFile(place, change)),
      withdraw: (branch, why) =>
        call(`closing the proposal on ${branch} of ${name}`, () => withdrawProposal(place, branch, why)),
    },
    incidents: {
      put: (issue) =>
        call(`writing the issue of incident ${issue.incident} in ${name}`, () => putIssue(client, issue)),
      onlyOne: (issue) =>
        call(`looking for the issues of incident ${issue.incident} in ${name}`, () =>
          onlyOneIssue(client, issue),
        ),
    },
    deployments: {
      put: (deployment) =>
        call(`noting the deployment of ${deployment.feature} in ${name}`, () =>
          putDeployment(client, deployment, place.defaultBranch),
        ),
    },
    comments: {
      put: (number, comment) =>
        call(`commenting on ${name}#${number}`, () => putComment(client, number, comment)),
    },
    checks: {
      put: (check) => call(`writing the check ${check.name} of ${name}`, () => putCheck(client, check)),
    },
    openProposals: () =>
      call(`listing the pull requests of ${name}`, async () =>
        openProposals(client, await place.defaultBranch(), path),
      ),
    fileAt: (commit) => call(`reading ${path} of ${name}`, () => contentAt(place, commit)),
    parentOf: (commit) =>
      call(`reading the commit ${commit.slice(0, 10)} of ${name}`, () => parentOf(client, commit)),
    facts: () => call(`looking at ${name}`, () => repositoryFacts(client)),
    mergedBetween: (base, tip) =>
      call(`asking what was merged into ${name}`, () => mergedBetween(client, base, tip)),
    pullRequestOf: (commit) =>
      call(`asking which pull request brought ${commit.slice(0, 10)} to ${name}`, () =>
        pullRequestOf(client, commit),
      ),
  };
}

async function readTip(place: Place): Promise<Tip> {
  const revision = await defaultTip(place);
  const { content } = await filesAt(place, revision);
  return { path: place.path, content, revision };
}

function changeFile<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  switch (change.via) {
    case 'commit':
      return commitChange(place, change);
    case 'pull_request':
      return proposeChange(place, change);
    case 'file':
      throw notHere();
  }
}

function notHere(): RolloutError {
  return new RolloutError('usage', 'the file lives on GitHub: there is none here to be edited', {
    hint: 'use --via commit or --via pull_request',
  });
}

async function branchOf({ owner, repo, rest }: Client, given: string | null): Promise<string> {
  return given ?? (await rest.repos.get({ owner, repo })).data.default_branch;
}

async function parentOf({ owner, repo, rest }: Client, commit: string): Promise<string | null> {
  const { data } = await rest.git.getCommit({ owner, repo, commit_sha: commit });
  return data.parents[0]?.sha ?? null;
}

async function pullRequestOf({ owner, repo, rest }: Client, commit: string) {
  const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ owner, repo, commit_sha: commit });
  const merged = data.find(({ merged_at }) => merged_at !== null);
  return merged ? { number: merged.number, title: merged.title, author: merged.user?.login ?? null } : null;
}
