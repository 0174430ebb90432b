import { type Call, found, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import { type Deployment, type DeploymentStatus, nodeId, now, userOf } from './state.ts';

export const deploymentRoutes: Routes = {
  'repos/list-deployments'(call) {
    const { repo, query } = call;
    const wanted = repo.deployments.filter(
      (one) =>
        (query.environment === undefined || one.environment === query.environment) &&
        (query.sha === undefined || one.sha === query.sha) &&
        (query.ref === undefined || one.ref === query.ref) &&
        (query.task === undefined || one.task === query.task),
    );
    return { status: 200, list: wanted.toReversed().map((one) => deploymentBody(call, one)) };
  },

  async 'repos/create-deployment'(call) {
    const { repo, caller, body } = call;
    const ref = textIn(body, 'ref') ?? '';
    const sha = await repo.bare.commitAt(ref);
    if (sha === null) throw new Refusal(422, `No ref found for: ${ref}`);
    // Unless told otherwise, GitHub merges the default branch and waits for checks.
    if (body.auto_merge !== false || !Array.isArray(body.required_contexts)) {
      throw new Refusal(409, 'Conflict: Commit status checks failed for the ref.');
    }
    const deployment: Deployment = {
      ...{ id: repo.nextId(), sha, ref, task: textIn(body, 'task') ?? 'deploy', creator: caller },
      ...{
        environment: textIn(body, 'environment') ?? 'production',
        description: textIn(body, 'description') ?? null,
      },
      ...{ payload: body.payload ?? '', created_at: now(), statuses: [] },
    };
    repo.deployments.push(deployment);
    return { status: 201, body: deploymentBody(call, deployment) };
  },

  'repos/list-deployment-statuses'(call) {
    const list = deploymentIn(call).statuses.toReversed();
    return { status: 200, list: list.map((one) => statusBody(call, one)) };
  },

  'repos/create-deployment-status'(call) {
    const { repo, caller, body } = call;
    const deployment = deploymentIn(call);
    const description = textIn(body, 'description') ?? '';
    if (description.length > 140)
      throw new Refusal(422, 'Validation Failed', [
        { resource: 'DeploymentStatus', code: 'custom', field: 'description' },
      ]);
    const status: DeploymentStatus = {
      ...{
        id: repo.nextId(),
        state: textIn(body, 'state') ?? '',
        description,
        creator: caller,
        created_at: now(),
      },
      ...{ environment_url: textIn(body, 'environment_url') ?? '', log_url: textIn(body, 'log_url') ?? '' },
    };
    deployment.statuses.push(status);
    if (status.state === 'success' && body.auto_inactive !== false) supersede(call, deployment);
    return { status: 201, body: statusBody(call, status) };
  },

  'repos/get-all-environments'(call) {
    const names = [...new Set(call.repo.deployments.map(({ environment }) => environment))];
    const environments = names.map((name, id) => ({ id, name }));
    return { status: 200, body: { total_count: names.length, environments } };
  },
};

/** A success makes what was in the environment before inactive. */
function supersede({ repo, caller }: Call, by: Deployment): void {
  for (const other of repo.deployments) {
    if (other === by || other.environment !== by.environment || other.statuses.at(-1)?.state === 'inactive')
      continue;
    other.statuses.push({
      ...{ id: repo.nextId(), state: 'inactive', description: '', environment_url: '', log_url: '' },
      ...{ creator: caller, created_at: now() },
    });
  }
}

function deploymentIn({ repo, params }: Call): Deployment {
  return found(repo.deployments.find(({ id }) => id === Number(params.deployment_id)));
}

function deploymentBody(call: Call, one: Deployment) {
  const url = `${repoUrl(call)}/deployments/${one.id}`;
  return {
    ...{ id: one.id, node_id: nodeId(call.repo, 'Deployment', one.id), url, statuses_url: `${url}/statuses` },
    ...{ sha: one.sha, ref: one.ref, task: one.task, payload: one.payload, environment: one.environment },
    ...{ original_environment: one.environment, description: one.description, creator: userOf(one.creator) },
    ...{ created_at: one.created_at, updated_at: one.created_at, repository_url: repoUrl(call) },
  };
}

function statusBody(call: Call, one: DeploymentStatus) {
  const { id, state, description, environment_url, log_url, created_at } = one;
  return {
    ...{
      id,
      node_id: nodeId(call.repo, 'DeploymentStatus', id),
      url: `${repoUrl(call)}/deployments/statuses/${id}`,
    },
    ...{ state, description, creator: userOf(one.creator), created_at, updated_at: created_at },
    ...(environment_url ? { environment_url } : {}),
    ...(log_url ? { log_url } : {}),
  };
}
