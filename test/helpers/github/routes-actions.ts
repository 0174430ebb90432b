import { type Call, found, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import { nodeId, now, type Workflow, type WorkflowRun } from './state.ts';

export const actionRoutes: Routes = {
  'actions/get-github-actions-default-workflow-permissions-repository': ({ repo }) => ({
    status: 200,
    body: {
      default_workflow_permissions: repo.defaultPermissions,
      can_approve_pull_request_reviews: repo.actionsMayCreatePulls,
    },
  }),

  'actions/list-repo-workflows': (call) => ({
    status: 200,
    body: {
      total_count: call.repo.workflows.length,
      workflows: call.repo.workflows.map((one) => workflowBody(call, one)),
    },
  }),

  'actions/get-workflow': (call) => ({ status: 200, body: workflowBody(call, workflowIn(call)) }),

  async 'actions/create-workflow-dispatch'(call) {
    const { repo, caller, body } = call;
    const workflow = workflowIn(call);
    const ref = textIn(body, 'ref') ?? '';
    const branch = ref.replace(/^refs\/heads\//, '');
    if ((await repo.bare.commitAt(`refs/heads/${branch}`)) === null)
      throw new Refusal(422, `No ref found for: ${ref}`);
    if (workflow.state !== 'active') throw new Refusal(422, 'Cannot trigger a disabled workflow');
    repo.dispatches.push({
      workflow: workflow.path,
      ref,
      inputs: (body.inputs ?? {}) as Record<string, unknown>,
      by: caller.login,
    });
    return { status: 204 };
  },

  'actions/list-workflow-runs'(call) {
    const workflow = workflowIn(call);
    return runsBody(
      call,
      call.repo.runs.filter((run) => run.workflow_id === workflow.id),
    );
  },

  'actions/list-workflow-runs-for-repo': (call) => runsBody(call, call.repo.runs),
};

function workflowIn({ repo, params }: Call): Workflow {
  const wanted = params.workflow_id ?? '';
  return found(
    repo.workflows.find(
      ({ id, path }) => String(id) === wanted || path === wanted || path.endsWith(`/${wanted}`),
    ),
  );
}

function workflowBody(call: Call, { id, name, path, state }: Workflow) {
  const url = `${repoUrl(call)}/actions/workflows/${id}`;
  const times = { created_at: now(), updated_at: now() };
  return {
    id,
    node_id: nodeId(call.repo, 'Workflow', id),
    name,
    path,
    state,
    ...times,
    url,
    html_url: url,
    badge_url: url,
  };
}

function runsBody(call: Call, all: readonly WorkflowRun[]) {
  const { query } = call;
  const runs = all
    .filter(
      (run) =>
        (query.event === undefined || run.event === query.event) &&
        (query.status === undefined || run.status === query.status || run.conclusion === query.status) &&
        (query.branch === undefined || run.head_branch === query.branch),
    )
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const size = Number(query.per_page ?? 30);
  const begin = (Number(query.page ?? 1) - 1) * size;
  return {
    status: 200,
    body: {
      total_count: runs.length,
      workflow_runs: runs.slice(begin, begin + size).map((run) => runBody(call, run)),
    },
  };
}

function runBody(call: Call, run: WorkflowRun) {
  return {
    ...run,
    node_id: nodeId(call.repo, 'WorkflowRun', run.id),
    url: `${repoUrl(call)}/actions/runs/${run.id}`,
    updated_at: run.created_at,
    run_number: 1,
    run_attempt: 1,
  };
}
