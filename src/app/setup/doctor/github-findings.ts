import type { RepositoryFacts } from '../../ports.ts';
import { type Facts, type Finding, failed, notAsked, ok, unknown, warning } from './finding.ts';

/**
 * The environments that the workflows of this file name. GitHub makes one that is missing when it is first used, without
 * secrets and without reviewers.
 */
function environmentFinding(
  { environments, workflows }: RepositoryFacts,
  { file }: Pick<Facts, 'file'>,
): Finding | null {
  const operate = workflows?.find(({ path }) => /(^|\/)rollout-([\w-]+-)?operate\.ya?ml$/.test(path));
  if (!operate) return null;
  const own = file.ok && file.value.environment ? `rollout-${file.value.environment}` : null;
  const prefix = own && operate.path.endsWith(`/${own}-operate.yml`) ? own : 'rollout';
  const needed = [prefix, `${prefix}-operate`];
  if (environments === null) {
    return unknown(
      'environments',
      `whether ${needed.join(' and ')} exist may not be asked`,
      'give the token: actions: read',
    );
  }
  const missing = needed.filter((name) => !environments.includes(name));
  if (missing.length === 0) return ok('environments', `${needed.join(' and ')} exist`);
  return warning(
    'environments',
    `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist: GitHub makes one without secrets or reviewers when a workflow first uses it`,
    'Settings, Environments, New environment; see docs/github.md',
  );
}

export function githubFindings({ github, file }: Facts): Finding[] {
  if (github === null) {
    return [
      unknown(
        'github',
        'not asked: GITHUB_REPOSITORY and GITHUB_TOKEN are not set',
        'GITHUB_REPOSITORY=OWNER/REPO GITHUB_TOKEN=$(gh auth token) rollout doctor',
      ),
    ];
  }
  if (!github.ok) return [notAsked('github', 'failed', github)];
  const { default_branch, private: isPrivate, protection, actions_may_create_pull_requests } = github.value;
  return [
    ok(
      'github',
      `the default branch is ${default_branch}, the repository is ${isPrivate ? 'private' : 'public'}`,
    ),
    tokenFinding(github.value.may_write),
    protectionFinding(protection, default_branch, actions_may_create_pull_requests),
    pullRequestFinding(actions_may_create_pull_requests),
    ...[environmentFinding(github.value, { file })].filter((found) => found !== null),
  ];
}

/** A person's token says little of that of a job, whose permissions stand in the workflows. */
function tokenFinding(may: RepositoryFacts['may_write']): Finding {
  if (may === null) return unknown('token', 'what it may do is not said', 'see permissions in the workflows');
  return may
    ? ok('token', 'it may write contents')
    : warning(
        'token',
        'it may read and not write: no rollback gets into the file with it',
        'give the job permissions: contents: write, or take another token',
      );
}

function protectionFinding(
  protection: RepositoryFacts['protection'],
  branch: string,
  mayPropose: boolean | null,
): Finding {
  if (protection === null)
    return unknown(
      'protection',
      `whether ${branch} is protected may not be asked`,
      'give the token: contents: read',
    );
  if (protection === 'none') return ok('protection', `${branch} takes our commits`);
  const rule = protection === 'ruleset' ? 'a ruleset' : 'branch protection';
  const told = `${rule} of ${branch} wants pull requests: a rollback is live at once, and its commit waits for a person`;
  return mayPropose === false
    ? failed(
        'protection',
        `${told}, and Actions may not open one`,
        'Settings, Actions, General: allow GitHub Actions to create pull requests',
      )
    : warning('protection', told, 'let a GitHub App bypass it; see docs/github.md');
}

function pullRequestFinding(may: boolean | null): Finding {
  if (may === null)
    return unknown(
      'pull requests',
      'whether Actions may create them may not be asked',
      'ask with a token of an administrator',
    );
  return may
    ? ok('pull requests', 'Actions may create them')
    : warning(
        'pull requests',
        'Actions may not create them: what raises waits as a branch',
        'Settings, Actions, General: allow GitHub Actions to create pull requests',
      );
}
