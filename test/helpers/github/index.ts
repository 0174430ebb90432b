import { atEnd } from '../run/at-end.ts';
import type { Author, Commit, Files } from './bare.ts';
import { ALL_POWERS, type Caller, type Powers, tokenBook } from './caller.ts';
import { type Fault, faultList } from './faults.ts';
import { githubSchema } from './graphql.ts';
import { mergePull } from './routes-pulls.ts';
import { type Hub, listen, type Recorded } from './server.ts';
import {
  type Check,
  type Comment,
  commitFiles,
  type Deployment,
  type Hosted,
  hosted,
  type Issue,
  nodeId,
  now,
  type Protection,
  type Pull,
  protectBranch,
  settlePulls,
  type Workflow,
  type WorkflowRun,
} from './state.ts';

/**
 * A GitHub of our own: a real HTTP server on loopback over real bare git repositories.
 *
 *     const github = await fakeGithub();
 *     const shop = await github.repository('acme/shop', { files: { 'rollout.yaml': TEXT } });
 *     const environment = github.environment('acme/shop');        // GITHUB_API_URL, GITHUB_TOKEN and so on
 *     github.fault({ on: 'pulls/create', status: 502 });
 *     ...
 *     expect(await shop.file('rollout.yaml')).toContain('active: false');
 *     expect(shop.pulls()).toHaveLength(1);
 *
 * - REST below `url` and, as GitHub Enterprise Server has it, below `url/api/v3`; GraphQL at `url/graphql` and
 *   `url/api/graphql`; `git clone` of `url/acme/shop.git`.
 * - Every request must be one of GitHub's published description (test/fixtures/github/openapi.json, and the schema
 *   of @octokit/graphql-schema), and so must every answer of the fake. What is not fails the test file at its end.
 *   An operation that is missing there is added in scripts/github-openapi.ts and given a route here.
 * - A token carries powers in the words of a workflow's `permissions`; without one that an operation needs it gets
 *   403 "Resource not accessible by integration".
 * - Faults: see faults.ts. `on` is the id of an operation, as in octokit's documentation.
 */
export interface FakeGithub {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Every request that came, oldest first. */
  requests: Recorded[];
  /** How often an operation was asked for. */
  asked(operation: string): number;
  /** What did not fit GitHub's description; the end of the test file throws unless it is empty. */
  violations: string[];
  /** Creates a repository with one commit. */
  repository(name: string, options?: RepositoryOptions): Promise<FakeRepository>;
  /** A token with these powers; default: everything a workflow can have, as `github-actions[bot]`. */
  token(powers?: Powers, who?: Partial<Pick<Caller, 'login' | 'type' | 'admin'>>): string;
  /** A token of a person, who may do everything and bypasses protection. */
  person(login?: string): string;
  /** From now on this token is not valid. */
  revoke(token: string): void;
  /** Something goes wrong, once unless `times` says otherwise. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** The variables that a workflow run has; `enterprise` as on a server of one's own. */
  environment(
    name: string,
    options?: { token?: string; enterprise?: boolean },
  ): Record<
    'GITHUB_API_URL' | 'GITHUB_GRAPHQL_URL' | 'GITHUB_SERVER_URL' | 'GITHUB_REPOSITORY' | 'GITHUB_TOKEN',
    string
  >;
}

export interface RepositoryOptions {
  /** Files of the first commit; none: the repository is empty. */
  files?: Files;
  message?: string;
  private?: boolean;
  /** Default `main`. */
  defaultBranch?: string;
}

export interface FakeRepository {
  name: string;
  /** Folder of the bare repository. */
  dir: string;
  /** For `git clone`; with a token in it where one is given. */
  cloneUrl(token?: string): string;
  /** A person's commit, past every protection; makes the branch where it is not there. Returns its sha. */
  commit(files: Files, options?: { message?: string; branch?: string; author?: Author }): Promise<string>;
  /** A file at a branch or commit, default the default branch; null: it is not there. */
  file(path: string, ref?: string): Promise<string | null>;
  /** Commits of a branch, newest first. */
  commits(ref?: string): Promise<Commit[]>;
  /** Every commit that this one descends from, with itself. */
  reach(sha: string): Promise<Set<string>>;
  /** Where a branch is; null: there is none. */
  tip(branch?: string): Promise<string | null>;
  deleteBranch(branch: string): Promise<void>;
  /** Makes a branch that is there the default one. */
  setDefaultBranch(branch: string): Promise<void>;
  /** Only by pull request from now on; null lifts it. */
  protect(protection: Protection | null, branch?: string): Promise<void>;
  /** From now on nothing is merged without the success of this check. */
  requireCheck(name: string): void;
  /** "Allow GitHub Actions to create and approve pull requests" */
  allowPullRequests(allowed: boolean): void;
  pulls(): Pull[];
  /** As a person: opens a pull request; of a fork where `fork` names its owner. */
  openPull(pull: {
    head: string;
    title: string;
    body?: string;
    base?: string;
    fork?: string;
    login?: string;
  }): Promise<Pull>;
  mergePull(number: number, method?: 'merge' | 'squash', login?: string): Promise<string>;
  closePull(number: number): void;
  /** Opens a closed one again; GitHub lets its head be what it was. */
  reopenPull(number: number): void;
  issues(): Issue[];
  /** Of an issue or pull request, oldest first. */
  comments(number: number): Comment[];
  /** As somebody: says something. */
  say(number: number, body: string, who?: Pick<Caller, 'login' | 'type'>): Comment;
  labels(): string[];
  /** Check runs of a commit, oldest first; the newest of a name counts. */
  checks(head?: string): Check[];
  /** Who may be asked for a review or assigned from now on; teams as `acme/team`. */
  setCollaborators(logins: readonly string[]): void;
  deployments(): Deployment[];
  /** A workflow file that GitHub knows; returns it, so that its state can be changed. */
  workflow(workflow: { name: string; path: string; state?: Workflow['state'] }): Workflow;
  run(run: Omit<WorkflowRun, 'id' | 'head_sha' | 'head_branch'> & Partial<WorkflowRun>): WorkflowRun;
  dispatches(): Hosted['dispatches'];
}

export async function fakeGithub(): Promise<FakeGithub> {
  await githubSchema();
  const repositories = new Map<string, Hosted>();
  const hub: Hub = {
    find: (name) =>
      repositories.get(name.toLowerCase()) ??
      [...repositories.values()].find((one) => nodeId(one, 'Repository', one.id) === name),
    ...{ tokens: tokenBook(), faults: faultList(), requests: [], violations: [] },
  };
  const { url, close } = await listen(hub);
  atEnd(async () => {
    await close();
    for (const { bare } of repositories.values()) bare.close();
    if (hub.violations.length === 0) return;
    throw new Error(`not as GitHub describes itself:\n${[...new Set(hub.violations)].join('\n')}`);
  });
  const token: FakeGithub['token'] = (powers = ALL_POWERS, who = {}) =>
    hub.tokens.give({ login: 'github-actions[bot]', type: 'Bot', admin: false, ...who, powers });
  return {
    ...{ url, requests: hub.requests, violations: hub.violations, token },
    asked: (operation) => hub.requests.filter((one) => one.operation === operation).length,
    async repository(name, options = {}) {
      const { files = {}, message = 'begin', defaultBranch = 'main' } = options;
      const repo = await hosted(name, { files, message, defaultBranch, private: options.private ?? false });
      repositories.set(name.toLowerCase(), repo);
      return repositoryOf(repo, url);
    },
    person: (login = 'ada') => token(ALL_POWERS, { login, type: 'User', admin: true }),
    revoke: (given) => hub.tokens.take(given),
    fault: (fault) => hub.faults.add(fault),
    clearFaults: () => hub.faults.clear(),
    environment: (name, { token: given = token(), enterprise = false } = {}) => ({
      GITHUB_API_URL: enterprise ? `${url}/api/v3` : url,
      GITHUB_GRAPHQL_URL: enterprise ? `${url}/api/graphql` : `${url}/graphql`,
      ...{ GITHUB_SERVER_URL: url, GITHUB_REPOSITORY: name, GITHUB_TOKEN: given },
    }),
  };
}

function personCalled(login: string): Caller {
  return { login, type: 'User', admin: true, powers: ALL_POWERS };
}

function repositoryOf(repo: Hosted, url: string): FakeRepository {
  const { bare, defaultBranch } = repo;
  const pullOf = (number: number): Pull => {
    const pull = repo.pulls.find((one) => one.number === number);
    if (!pull) throw new Error(`there is no pull request ${number}`);
    return pull;
  };
  return {
    ...{ name: `${repo.owner}/${repo.name}`, dir: bare.dir },
    cloneUrl: (token) => {
      const clone = new URL(`${url}/${repo.owner}/${repo.name}.git`);
      if (token) Object.assign(clone, { username: 'x-access-token', password: token });
      return clone.href;
    },
    commit: (files, { message = 'change', branch = defaultBranch, author } = {}) =>
      commitFiles(repo, { branch, files, message, ...(author ? { author } : {}) }),
    file: (path, ref = defaultBranch) => bare.fileAt(ref, path),
    commits: (ref = defaultBranch) => bare.commits(ref),
    reach: (sha) => bare.reach(sha),
    tip: (branch = defaultBranch) => bare.commitAt(`refs/heads/${branch}`),
    deleteBranch: async (branch) => {
      await bare.move(`refs/heads/${branch}`, null, null);
      await settlePulls(repo);
    },
    setDefaultBranch: async (branch) => {
      await bare.text('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
      repo.defaultBranch = branch;
    },
    protect: (protection, branch = defaultBranch) => protectBranch(repo, branch, protection),
    requireCheck: (name) => {
      repo.requiredChecks.push(name);
    },
    allowPullRequests: (allowed) => {
      repo.actionsMayCreatePulls = allowed;
    },
    pulls: () => repo.pulls,
    async openPull({ head, title, body, base = defaultBranch, fork, login = 'ada' }) {
      const [head_sha, base_sha] = [await bare.commitAt(head), await bare.commitAt(base)];
      if (!head_sha || !base_sha) throw new Error(`there is no ${head_sha ? base : head}`);
      const pull: Pull = {
        ...{ number: repo.nextNumber(), title, body: body ?? null, state: 'open', user: personCalled(login) },
        ...{ head, fork: fork ?? null, base, head_sha, base_sha, merged: false, merge_commit_sha: null },
        ...{
          labels: [],
          reviewers: [],
          assignees: [],
          created_at: now(),
          updated_at: now(),
          closed_at: null,
        },
      };
      repo.pulls.push(pull);
      return pull;
    },
    mergePull: (number, method = 'merge', login = 'ada') =>
      mergePull({ repo }, pullOf(number), method, { by: personCalled(login) }),
    closePull: (number) => {
      Object.assign(pullOf(number), { state: 'closed', closed_at: now(), updated_at: now() });
    },
    reopenPull: (number) => {
      Object.assign(pullOf(number), { state: 'open', closed_at: null, updated_at: now() });
    },
    issues: () => repo.issues,
    comments: (number) => repo.comments.filter((comment) => comment.number === number),
    say(number, body, who = { login: 'ada', type: 'User' }) {
      const user = { ...personCalled(who.login), ...who };
      const comment = { id: repo.nextId(), number, body, user, created_at: now(), updated_at: now() };
      repo.comments.push(comment);
      return comment;
    },
    labels: () => repo.labels.map(({ name }) => name),
    checks: (head) => repo.checks.filter(({ head_sha }) => head === undefined || head_sha === head),
    setCollaborators: (logins) => {
      repo.collaborators = logins;
    },
    deployments: () => repo.deployments,
    workflow({ name, path, state = 'active' }) {
      const made: Workflow = { id: repo.nextId(), name, path, state };
      repo.workflows.push(made);
      return made;
    },
    run(run) {
      const made: WorkflowRun = {
        id: repo.nextId(),
        head_sha: '0'.repeat(40),
        head_branch: defaultBranch,
        ...run,
      };
      repo.runs.push(made);
      return made;
    },
    dispatches: () => repo.dispatches,
  };
}
