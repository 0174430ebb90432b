import type { RepositoryFacts } from '../../app/ports/repository-facts.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';

/** Reads the repository's settings, as far as this token may. */
export async function repositoryFacts(client: Client): Promise<RepositoryFacts> {
  const { owner, repo, rest } = client;
  const { data } = await rest.repos.get({ owner, repo });
  const setting = await allowed(() =>
    rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository({ owner, repo }),
  );
  const environments = await allowed(() => rest.repos.getAllEnvironments({ owner, repo, per_page: 100 }));
  const workflows = await allowed(() => rest.actions.listRepoWorkflows({ owner, repo, per_page: 100 }));
  return {
    default_branch: data.default_branch,
    private: data.private,
    may_write: data.permissions?.push ?? null,
    protection: await protectionOf(client, data.default_branch),
    actions_may_create_pull_requests: setting?.data.can_approve_pull_request_reviews ?? null,
    workflows: workflows?.data.workflows.map(({ name, path, state }) => ({ name, path, state })) ?? null,
    environments: environments?.data.environments?.map(({ name }) => name) ?? null,
  };
}

async function protectionOf(
  { owner, repo, rest }: Client,
  branch: string,
): Promise<RepositoryFacts['protection']> {
  const rules = await allowed(() => rest.repos.getBranchRules({ owner, repo, branch, per_page: 100 }));
  if (rules?.data.some(({ type }) => type === 'pull_request' || type === 'update')) return 'ruleset';
  const found = await allowed(() => rest.repos.getBranch({ owner, repo, branch }));
  if (!found) return null;
  return found.data.protected ? 'classic' : 'none';
}

/** Returns null if the token may not ask, or the server does not know the request. */
async function allowed<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return null;
    throw error;
  }
}
