import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../projects/git.ts';
import { type Author, type Bare, bareAt, type Commit, type Files } from './bare.ts';
import type { Caller } from './caller.ts';

export interface Pull {
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  user: Caller;
  /** Name of the branch to be merged, in the same repository or in `fork`. */
  head: string;
  fork: string | null;
  base: string;
  /** Where the branch was seen last. */
  head_sha: string;
  /** The head of which GitHub still has the trial merge, just after a push; left out: that of `head_sha`. */
  tried?: string;
  base_sha: string;
  merged: boolean;
  merge_commit_sha: string | null;
  labels: string[];
  /** Logins, and teams as `acme/team`. */
  reviewers: string[];
  assignees: string[];
  created_at: string;
  updated_at: string;
  closed_at: string | null;
}

export interface Issue {
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  user: Caller;
  labels: string[];
  assignees: string[];
  created_at: string;
  updated_at: string;
  closed_at: string | null;
}

export interface Comment {
  id: number;
  /** Of the issue or pull request. */
  number: number;
  body: string;
  user: Caller;
  created_at: string;
  updated_at: string;
}

/** A check run on a commit. */
export interface Check {
  id: number;
  name: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  external_id: string;
  details_url: string | null;
  title: string;
  summary: string;
  annotations: { path: string; start_line: number; annotation_level: string; message: string }[];
  by: string;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | null;
  payload: unknown;
  creator: Caller;
  created_at: string;
  statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  id: number;
  state: string;
  description: string;
  environment_url: string;
  log_url: string;
  creator: Caller;
  created_at: string;
}

export interface Workflow {
  id: number;
  name: string;
  path: string;
  state: 'active' | 'disabled_manually' | 'disabled_inactivity';
}

export interface WorkflowRun {
  id: number;
  workflow_id: number;
  event: string;
  status: string;
  conclusion: string | null;
  head_branch: string;
  head_sha: string;
  created_at: string;
}

/** How a branch is protected: the classic way, or by a ruleset. */
export type Protection = 'classic' | 'ruleset';

export interface Hosted {
  owner: string;
  name: string;
  id: number;
  private: boolean;
  defaultBranch: string;
  bare: Bare;
  pulls: Pull[];
  issues: Issue[];
  comments: Comment[];
  checks: Check[];
  /** Who may be asked for a review or assigned: logins, and teams as `acme/team`. Null: everybody. */
  collaborators: readonly string[] | null;
  labels: { name: string; color: string; description: string | null }[];
  deployments: Deployment[];
  workflows: Workflow[];
  runs: WorkflowRun[];
  dispatches: { workflow: string; ref: string; inputs: Record<string, unknown>; by: string }[];
  protections: Map<string, Protection>;
  /** Checks without whose success nothing is merged into the default branch. */
  requiredChecks: string[];
  /** "Allow GitHub Actions to create and approve pull requests" */
  actionsMayCreatePulls: boolean;
  defaultPermissions: 'read' | 'write';
  /** Issues and pull requests share their numbers. */
  nextNumber: () => number;
  nextId: () => number;
}

let repositories = 0;

export async function hosted(
  name: string,
  options: { files: Files; private: boolean; defaultBranch: string; message: string },
): Promise<Hosted> {
  const [owner = '', short = ''] = name.split('/');
  const dir = join(await temporaryFolder(), owner, `${short}.git`);
  await mkdir(dir, { recursive: true });
  const bare = bareAt(dir);
  await bare.text('init', '--quiet', '--bare', `--initial-branch=${options.defaultBranch}`);
  await bare.text('config', 'http.receivepack', 'true');
  await writeFile(join(dir, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 });
  repositories += 1;
  let number = 0;
  let id = repositories * 10_000;
  const repo: Hosted = {
    ...{ owner, name: short, id, private: options.private, defaultBranch: options.defaultBranch, bare },
    ...{
      pulls: [],
      issues: [],
      comments: [],
      checks: [],
      collaborators: null,
      labels: [],
      deployments: [],
      workflows: [],
      runs: [],
    },
    ...{
      dispatches: [],
      protections: new Map(),
      requiredChecks: [],
      actionsMayCreatePulls: true,
      defaultPermissions: 'read',
    },
    nextNumber: () => {
      number += 1;
      return number;
    },
    nextId: () => {
      id += 1;
      return id;
    },
  };
  if (Object.keys(options.files).length > 0) {
    await commitFiles(repo, {
      branch: options.defaultBranch,
      files: options.files,
      message: options.message,
    });
  }
  return repo;
}

/** Pushes over the git protocol meet the same protection as everybody. */
const UPDATE_HOOK = `#!/bin/sh
if [ -f protected ] && grep -qxF "$1" protected; then
  echo "error: GH013: Repository rule violations found for $1." >&2
  exit 1
fi
`;

export async function protectBranch(
  repo: Hosted,
  branch: string,
  protection: Protection | null,
): Promise<void> {
  if (protection) repo.protections.set(branch, protection);
  else repo.protections.delete(branch);
  const refs = [...repo.protections.keys()].map((name) => `refs/heads/${name}\n`).join('');
  await writeFile(join(repo.bare.dir, 'protected'), refs);
}

export const ADA: Author = { name: 'Ada', email: 'ada@example.com' };

export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A commit by plumbing, past every protection. */
export async function commitFiles(
  repo: Hosted,
  {
    branch,
    files,
    message,
    author = ADA,
    from,
  }: {
    branch: string;
    files: Files;
    message: string;
    author?: Author;
    /** Where a branch that is not there begins; default: the default branch. */
    from?: string;
  },
): Promise<string> {
  const { bare } = repo;
  const ref = `refs/heads/${branch}`;
  const tip = await bare.commitAt(ref);
  const parent = tip ?? (await bare.commitAt(from ?? `refs/heads/${repo.defaultBranch}`));
  const tree = await bare.writeTree(parent, files);
  const commit = await bare.writeCommit(tree, parent ? [parent] : [], message, author);
  if (!(await bare.move(ref, commit, tip))) throw new Error(`${branch} moved meanwhile`);
  await settlePulls(repo);
  return commit;
}

/** After a branch has moved: pull requests whose branch is gone or merged are closed, the others follow it. */
export async function settlePulls(repo: Hosted): Promise<void> {
  const { bare } = repo;
  for (const pull of repo.pulls) {
    if (pull.state !== 'open' || pull.fork !== null) continue;
    const head = await bare.commitAt(`refs/heads/${pull.head}`);
    const base = await bare.commitAt(`refs/heads/${pull.base}`);
    const contains = base !== null && head !== null && (await bare.isAncestor(head, base));
    const wasMerged = base !== null && (await bare.isAncestor(pull.head_sha, base));
    if (head !== null && !contains) {
      pull.head_sha = head;
      continue;
    }
    pull.state = 'closed';
    pull.closed_at = now();
    pull.merged = wasMerged;
    if (wasMerged) pull.merge_commit_sha = base;
  }
}

export function nodeId(repo: Hosted, kind: string, of: number | string): string {
  return Buffer.from(`${kind}:${repo.id}:${of}`).toString('base64url');
}

/** What a simple user is, but for what the description requires besides. */
export function userOf({ login, type }: Pick<Caller, 'login' | 'type'>) {
  return { login, type, id: 1 + (login.length % 90) };
}

export function gitAuthorOf({ login }: Caller): Author {
  return { name: login, email: `${login}@users.noreply.github.com` };
}

export function commitUser({ author }: Commit) {
  return { name: author.name, email: author.email, date: author.date };
}
