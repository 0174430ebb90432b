import { randomBytes } from 'node:crypto';

/** What a token may do, in the words of a workflow's `permissions`. */
export type Powers = Readonly<Record<string, 'read' | 'write' | 'none'>>;

/** Who calls. */
export interface Caller {
  login: string;
  type: 'User' | 'Bot';
  powers: Powers;
  /** Bypasses protection, and is a person where it matters. */
  admin: boolean;
}

/** Everything that a workflow's token can be given here. */
export const ALL_POWERS: Powers = {
  actions: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  'pull-requests': 'write',
  administration: 'read',
  checks: 'write',
};

/** What an operation needs, as `power:level`; several: one is enough. None: everybody with any token. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'actions/get-github-actions-default-workflow-permissions-repository': ['administration:read'],
  'actions/list-workflow-runs-for-repo': ['actions:read'],
  'actions/list-repo-workflows': ['actions:read'],
  'actions/get-workflow': ['actions:read'],
  'actions/create-workflow-dispatch': ['actions:write'],
  'actions/list-workflow-runs': ['actions:read'],
  'checks/create': ['checks:write'],
  'checks/list-for-ref': ['checks:read'],
  'repos/get-all-environments': ['actions:read'],
  'repos/get-branch': ['contents:read'],
  'repos/get-branch-protection': ['administration:read'],
  'repos/list-commits': ['contents:read'],
  'repos/get-commit': ['contents:read'],
  'repos/list-pull-requests-associated-with-commit': ['pull-requests:read', 'contents:read'],
  'repos/compare-commits-with-basehead': ['contents:read'],
  'repos/get-content': ['contents:read'],
  'repos/create-or-update-file-contents': ['contents:write'],
  'repos/list-deployments': ['deployments:read'],
  'repos/create-deployment': ['deployments:write'],
  'repos/list-deployment-statuses': ['deployments:read'],
  'repos/create-deployment-status': ['deployments:write'],
  'git/create-blob': ['contents:write'],
  'git/get-blob': ['contents:read'],
  'git/create-commit': ['contents:write'],
  'git/get-commit': ['contents:read'],
  'git/get-ref': ['contents:read'],
  'git/create-ref': ['contents:write'],
  'git/update-ref': ['contents:write'],
  'git/delete-ref': ['contents:write'],
  'git/create-tree': ['contents:write'],
  'git/get-tree': ['contents:read'],
  'issues/list-for-repo': ['issues:read'],
  'issues/create': ['issues:write'],
  'issues/get': ['issues:read', 'pull-requests:read'],
  'issues/update': ['issues:write', 'pull-requests:write'],
  'issues/add-assignees': ['issues:write', 'pull-requests:write'],
  'issues/list-comments': ['issues:read', 'pull-requests:read'],
  'issues/create-comment': ['issues:write', 'pull-requests:write'],
  'issues/get-comment': ['issues:read', 'pull-requests:read'],
  'issues/update-comment': ['issues:write', 'pull-requests:write'],
  'issues/delete-comment': ['issues:write', 'pull-requests:write'],
  'issues/create-label': ['issues:write', 'pull-requests:write'],
  'issues/get-label': ['issues:read', 'pull-requests:read'],
  'pulls/list': ['pull-requests:read'],
  'pulls/create': ['pull-requests:write'],
  'pulls/get': ['pull-requests:read'],
  'pulls/update': ['pull-requests:write'],
  'pulls/merge': ['contents:write'],
  'pulls/request-reviewers': ['pull-requests:write'],
  'graphql/pullRequests': ['pull-requests:read'],
  'graphql/createCommitOnBranch': ['contents:write'],
  'graphql/updateRefs': ['contents:write'],
  'git:read': ['contents:read'],
  'git:write': ['contents:write'],
};

export function may({ powers }: Caller, operation: string): boolean {
  const needs = NEEDS[operation];
  return needs === undefined || needs.some((need) => has(powers, need));
}

function has(powers: Powers, need: string): boolean {
  const [power = '', level] = need.split(':');
  const given = powers[power];
  return given === 'write' || (given === 'read' && level === 'read');
}

/** Tokens that were given out. */
export function tokenBook() {
  const callers = new Map<string, Caller>();
  return {
    give(caller: Caller): string {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      callers.set(token, caller);
      return token;
    },
    take(token: string): void {
      callers.delete(token);
    },
    /** `token X`, `bearer X`, or Basic with the token as password, as git sends it. */
    callerOf(authorization: string | undefined): Caller | null {
      const [scheme = '', value = ''] = (authorization ?? '').split(' ');
      const token =
        scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().split(':')[1] : value;
      return callers.get(token ?? '') ?? null;
    },
  };
}
