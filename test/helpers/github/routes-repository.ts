import { type Call, found, notFound, pageUrl, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import { forbidden } from './protection.ts';
import { commitFiles, gitAuthorOf, nodeId, userOf } from './state.ts';

export function repositoryBody(call: Call) {
  const { repo } = call;
  const branch = { default_branch: repo.defaultBranch, private: repo.private };
  return {
    id: repo.id,
    node_id: nodeId(repo, 'Repository', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    owner: userOf({ login: repo.owner, type: 'User' }),
    url: repoUrl(call),
    html_url: pageUrl(call),
    clone_url: `${pageUrl(call)}.git`,
    visibility: repo.private ? 'private' : 'public',
    permissions: { admin: call.caller.admin, pull: true, push: call.caller.powers.contents === 'write' },
    ...branch,
  };
}

export const repositoryRoutes: Routes = {
  'repos/get': (call) => ({ status: 200, body: repositoryBody(call) }),

  async 'repos/get-content'(call) {
    const { repo, params, query } = call;
    const commit = found(await repo.bare.commitAt(query.ref ?? repo.defaultBranch));
    const path = params.path ?? '';
    const listed = await repo.bare.text('ls-tree', commit, '--', path);
    const [, mode, kind, sha = ''] = /^(\d+) (\w+) (\w+)\t/.exec(listed) ?? [];
    if (kind !== 'blob') throw notFound();
    const { content } = found(await repo.bare.object(sha));
    const name = path.split('/').at(-1) ?? '';
    const shared = { name, path, sha, size: content.length, url: `${repoUrl(call)}/contents/${path}` };
    if (mode === '120000') {
      return { status: 200, body: { ...shared, type: 'symlink', target: content.toString('utf8') } };
    }
    return {
      status: 200,
      body: { ...shared, type: 'file', encoding: 'base64', content: content.toString('base64') },
    };
  },

  async 'repos/create-or-update-file-contents'(call) {
    const { repo, caller, params, body } = call;
    const branch = textIn(body, 'branch') ?? repo.defaultBranch;
    const path = params.path ?? '';
    const refused = forbidden(repo, caller, branch);
    if (refused) throw new Refusal(409, refused);
    const before = await repo.bare.text('rev-parse', `${branch}:${path}`).catch(() => undefined);
    if (before !== textIn(body, 'sha'))
      throw new Refusal(409, `${path} does not match ${textIn(body, 'sha')}`);
    const sha = await commitFiles(repo, {
      branch,
      files: { [path]: Buffer.from(textIn(body, 'content') ?? '', 'base64') },
      message: textIn(body, 'message') ?? '',
      author: gitAuthorOf(caller),
    });
    return { status: before ? 200 : 201, body: { content: null, commit: { sha } } };
  },

  async 'repos/get-branch'({ repo, params }) {
    const name = params.branch ?? '';
    const commit = found(await repo.bare.commitAt(`refs/heads/${name}`));
    return { status: 200, body: { name, commit: { sha: commit }, protected: repo.protections.has(name) } };
  },

  'repos/get-branch-protection'({ repo, params }) {
    if (repo.protections.get(params.branch ?? '') !== 'classic')
      throw new Refusal(404, 'Branch not protected');
    return { status: 200, body: { required_pull_request_reviews: { required_approving_review_count: 1 } } };
  },

  'repos/get-branch-rules'({ repo, params }) {
    if (repo.protections.get(params.branch ?? '') !== 'ruleset') return { status: 200, list: [] };
    const source = { ruleset_id: repo.id, ruleset_source: `${repo.owner}/${repo.name}` };
    return { status: 200, list: [{ type: 'pull_request', ruleset_source_type: 'Repository', ...source }] };
  },

  'repos/get-repo-rulesets'({ repo }) {
    const protectedBy = [...repo.protections].filter(([, kind]) => kind === 'ruleset');
    const list = protectedBy.map(([branch]) => ({
      ...{ id: repo.id, name: `protect ${branch}`, source: `${repo.owner}/${repo.name}` },
      ...{ source_type: 'Repository', enforcement: 'active', target: 'branch' },
    }));
    return { status: 200, list };
  },
};
