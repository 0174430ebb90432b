import { type Call, found, pageUrl, type Routes, repoUrl, textIn } from './answers.ts';
import { type Check, nodeId, now } from './state.ts';

const MOST_ANNOTATIONS = 50;

export const checkRoutes: Routes = {
  async 'checks/create'(call) {
    const { repo, caller, body } = call;
    const output = (body.output ?? {}) as Partial<Pick<Check, 'title' | 'summary' | 'annotations'>>;
    const head_sha = found(await repo.bare.commitAt(textIn(body, 'head_sha') ?? ''));
    const check: Check = {
      ...{ id: repo.nextId(), name: textIn(body, 'name') ?? '', head_sha, by: caller.login },
      ...{ status: textIn(body, 'status') ?? 'queued', conclusion: textIn(body, 'conclusion') ?? null },
      external_id: textIn(body, 'external_id') ?? '',
      details_url: textIn(body, 'details_url') ?? null,
      ...{ title: output.title ?? '', summary: output.summary ?? '', annotations: output.annotations ?? [] },
    };
    if (check.annotations.length > MOST_ANNOTATIONS) throw new Error('at most 50 annotations in a request');
    repo.checks.push(check);
    return { status: 201, body: checkBody(call, check) };
  },

  async 'checks/list-for-ref'(call) {
    const { repo, params, query } = call;
    const head = found(await repo.bare.commitAt(params.ref ?? ''));
    const all = repo.checks.filter(
      ({ name, head_sha }) => head_sha === head && (!query.check_name || name === query.check_name),
    );
    const last = (one: Check) => !all.some(({ name, id }) => name === one.name && id > one.id);
    const wanted = query.filter === 'all' ? all : all.filter(last);
    const check_runs = wanted.map((check) => checkBody(call, check));
    return { status: 200, body: { total_count: check_runs.length, check_runs } };
  },
};

function checkBody(call: Call, check: Check) {
  const { id, name, head_sha, status, conclusion, external_id, details_url, title, summary } = check;
  return {
    ...{ id, node_id: nodeId(call.repo, 'CheckRun', id), name, head_sha, status, conclusion, external_id },
    ...{ url: `${repoUrl(call)}/check-runs/${id}`, html_url: `${pageUrl(call)}/runs/${id}`, details_url },
    output: {
      ...{ title, summary, text: null, annotations_count: check.annotations.length },
      annotations_url: `${repoUrl(call)}/check-runs/${id}/annotations`,
    },
    ...{ started_at: now(), completed_at: now(), check_suite: null, app: null, pull_requests: [] },
  };
}
