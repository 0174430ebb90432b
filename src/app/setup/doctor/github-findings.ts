import type { Finding } from '../../../domain/report/finding.ts';
import type { RepositoryFacts } from '../../ports/repository-facts.ts';
import { type Facts, failed, notAsked, ok, unknown, warning } from './finding.ts';

export function githubFindings({ github, file }: Facts): Finding[] {
  if (github === null) return [unknown('github', { code: 'github_not_asked' })];
  if (!github.ok) return [notAsked('github', 'failed', github)];
  const { default_branch, private: isPrivate, may_write } = github.value;
  return [
    ok('github', { code: 'github_reached', default_branch, private: isPrivate }),
    tokenFinding(may_write),
    protectionFinding(github.value),
    pullRequestFinding(github.value.actions_may_create_pull_requests),
    ...environmentFindings(github.value, { file }),
  ];
}

/** A person's token says little about a job's token, whose permissions are in the workflows. */
function tokenFinding(may: RepositoryFacts['may_write']): Finding {
  if (may === null) return unknown('token', { code: 'token_unknown' });
  return may ? ok('token', { code: 'token_writes' }) : warning('token', { code: 'token_reads' });
}

function protectionFinding({
  protection: by,
  default_branch: branch,
  actions_may_create_pull_requests: may_propose,
}: RepositoryFacts): Finding {
  if (by === null) return unknown('protection', { code: 'protection_unknown', branch });
  if (by === 'none') return ok('protection', { code: 'protection_none', branch });
  const found = { code: 'protected', branch, by, may_propose } as const;
  return may_propose === false ? failed('protection', found) : warning('protection', found);
}

function pullRequestFinding(may: boolean | null): Finding {
  if (may === null) return unknown('pull requests', { code: 'pull_requests_unknown' });
  return may
    ? ok('pull requests', { code: 'pull_requests_allowed' })
    : warning('pull requests', { code: 'pull_requests_forbidden' });
}

/**
 * Checks the environments that this file's workflows name. GitHub creates a missing one on first use, without secrets
 * and without reviewers.
 */
function environmentFindings(
  { environments, workflows }: RepositoryFacts,
  { file }: Pick<Facts, 'file'>,
): Finding[] {
  const operate = workflows?.find(({ path }) => /(^|\/)rollout-([\w-]+-)?operate\.ya?ml$/.test(path));
  if (!operate) return [];
  const own = file.ok && file.value.environment ? `rollout-${file.value.environment}` : null;
  const prefix = own && operate.path.endsWith(`/${own}-operate.yml`) ? own : 'rollout';
  const needed = [prefix, `${prefix}-operate`];
  if (environments === null) return [unknown('environments', { code: 'environments_unknown', needed })];
  const missing = needed.filter((name) => !environments.includes(name));
  return [
    missing.length === 0
      ? ok('environments', { code: 'environments_exist', needed })
      : warning('environments', { code: 'environments_missing', missing }),
  ];
}
