import type { GithubFound } from '../../../domain/report/finding.ts';

/** Texts by code: the finding, and the next action. */
export type FindingWords<F extends { code: string }> = {
  [C in F['code']]: (found: Extract<F, { code: C }>) => readonly [found: string, next: string | null];
};

/** Texts of the findings about the repository on GitHub. */
export const githubFindingWords: FindingWords<GithubFound> = {
  schedule_elsewhere: () => ['no workflow health.yml, but ticks come from elsewhere', null],
  schedule_missing: () => ['the repository has no workflow health.yml', 'rollout init'],
  schedule_on: ({ path }) => [`${path} is on`, null],
  schedule_off: ({ path, workflow_state }) => [
    `${path} is ${workflow_state.replaceAll('_', ' ')}`,
    `gh workflow enable ${path.split('/').at(-1)}`,
  ],
  github_not_asked: () => [
    'not asked: GITHUB_REPOSITORY and GITHUB_TOKEN are not set',
    'GITHUB_REPOSITORY=OWNER/REPO GITHUB_TOKEN=$(gh auth token) rollout doctor',
  ],
  github_reached: ({ default_branch, private: isPrivate }) => [
    `the default branch is ${default_branch}, the repository is ${isPrivate ? 'private' : 'public'}`,
    null,
  ],
  token_unknown: () => ['what it may do is not said', 'see permissions in the workflows'],
  token_writes: () => ['it may write contents', null],
  token_reads: () => [
    'it may read and not write: no rollback gets into the file with it',
    'give the job permissions: contents: write, or take another token',
  ],
  protection_unknown: ({ branch }) => [
    `whether ${branch} is protected may not be asked`,
    'give the token: contents: read',
  ],
  protection_none: ({ branch }) => [`${branch} takes our commits`, null],
  protected: ({ branch, by, may_propose }) => {
    const rule = by === 'ruleset' ? 'a ruleset' : 'branch protection';
    const found = `${rule} of ${branch} wants pull requests: a rollback is live at once, and its commit waits for a person`;
    return may_propose === false
      ? [`${found}, and Actions may not open one`, ALLOW_PULL_REQUESTS]
      : [found, 'let a GitHub App bypass it; see docs/github.md'];
  },
  pull_requests_unknown: () => [
    'whether Actions may create them may not be asked',
    'ask with a token of an administrator',
  ],
  pull_requests_allowed: () => ['Actions may create them', null],
  pull_requests_forbidden: () => [
    'Actions may not create them: what raises waits as a branch',
    ALLOW_PULL_REQUESTS,
  ],
  environments_unknown: ({ needed }) => [
    `whether ${needed.join(' and ')} exist may not be asked`,
    'give the token: actions: read',
  ],
  environments_exist: ({ needed }) => [`${needed.join(' and ')} exist`, null],
  environments_missing: ({ missing }) => [
    `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist: GitHub makes one without secrets or reviewers when a workflow first uses it`,
    'Settings, Environments, New environment; see docs/github.md',
  ],
};

const ALLOW_PULL_REQUESTS = 'Settings, Actions, General: allow GitHub Actions to create pull requests';
