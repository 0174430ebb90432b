import type { Deployment } from '../../app/ports/deployment-log.ts';
import { RolloutError } from '../../errors.ts';
import { cutTo } from '../../lib/text.ts';
import { type Client, ONCE } from '../api/client.ts';
import { limitOf, saidBy, statusOf } from '../api/failure.ts';

/** Longest description of a status. */
const LONGEST = 140;
/** Limit of the newest deployments of an environment in which the controller's is searched. */
const LOOKED_THROUGH = 30;

/** Creates a deployment for a feature's live exposure in the feature's own environment; the same one only once. */
export async function putDeployment(
  client: Client,
  deployment: Deployment,
  defaultBranch: () => Promise<string>,
): Promise<void> {
  try {
    await put(client, deployment, defaultBranch);
  } catch (error) {
    // A rate limit has the same status but means: later.
    if (statusOf(error) !== 403 || limitOf(error, client.surroundings.now()) !== null) throw error;
    throw new RolloutError('github_off', `GitHub accepts no deployments from this token: ${saidBy(error)}`, {
      hint: 'give the job in its workflow: permissions: deployments: write, or set the input deployments to false',
    });
  }
}

async function put(
  client: Client,
  deployment: Deployment,
  defaultBranch: () => Promise<string>,
): Promise<void> {
  const { owner, repo, rest } = client;
  const { environment, payload } = deployment;
  const known = await rest.repos.listDeployments({ owner, repo, environment, per_page: LOOKED_THROUGH });
  const ours = known.data.find((one) => keyIn(one.payload) === payload.key);
  const deployment_id = ours?.id ?? (await create(client, deployment, deployment.revision, defaultBranch));
  if (ours) {
    const { data } = await rest.repos.listDeploymentStatuses({ owner, repo, deployment_id, per_page: 1 });
    if (data.length > 0) return;
  }
  const description = cutTo(deployment.description, LONGEST, '…');
  const status = { state: 'success' as const, description, auto_inactive: true };
  await rest.repos.createDeploymentStatus({ owner, repo, deployment_id, ...status, ...ONCE });
}

async function create(
  client: Client,
  deployment: Deployment,
  revision: string | null,
  defaultBranch: () => Promise<string>,
): Promise<number> {
  const { owner, repo, rest } = client;
  const { environment, payload } = deployment;
  const ref = revision ?? (await defaultBranch());
  try {
    const { data } = await rest.repos.createDeployment({
      owner,
      repo,
      ref,
      environment,
      payload,
      task: 'rollout',
      description: cutTo(deployment.description, LONGEST, '…'),
      // The exposure is already live: nothing must be merged or awaited.
      auto_merge: false,
      required_contexts: [],
      ...ONCE,
    });
    if ('id' in data) return data.id;
    throw new Error(`GitHub made no deployment: ${data.message}`);
  } catch (error) {
    // The commit belongs to another repository, or no longer exists.
    const unknown = statusOf(error) === 422 && /no ref found/i.test(saidBy(error));
    if (!unknown || revision === null) throw error;
    return create(client, deployment, null, defaultBranch);
  }
}

function keyIn(payload: unknown): unknown {
  try {
    const facts: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
    return typeof facts === 'object' && facts !== null && 'key' in facts ? facts.key : undefined;
  } catch {
    return undefined;
  }
}
