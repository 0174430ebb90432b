import { type Call, found, notFound, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import type { Commit } from './bare.ts';
import { treeEntries } from './objects.ts';
import { refuseProtected } from './protection.ts';
import { pullBody } from './routes-pulls.ts';
import { commitUser, gitAuthorOf, nodeId, settlePulls } from './state.ts';

/** Commits of a comparison; GitHub shows no more on a page and 250 without pages. */
const COMPARED = 250;

export const gitRoutes: Routes = {
  async 'git/get-ref'(call) {
    const ref = call.params.ref ?? '';
    const at = await call.repo.bare.commitAt(`refs/${ref}`);
    if (at === null && (await call.repo.bare.text('for-each-ref', '--count=1')) === '') {
      throw new Refusal(409, 'Git Repository is empty.');
    }
    return { status: 200, body: refBody(call, ref, found(at)) };
  },

  async 'git/create-ref'(call) {
    const { repo, caller, body } = call;
    const name = textIn(body, 'ref') ?? '';
    if (!/^refs\/(heads|tags)\/[^\s~^:]+$/.test(name)) throw new Refusal(422, 'Reference name is invalid');
    const sha = await repo.bare.commitAt(textIn(body, 'sha') ?? '');
    if (sha === null) throw new Refusal(422, 'Object does not exist');
    refuseProtected(repo, caller, name.replace('refs/heads/', ''));
    if (!(await repo.bare.move(name, sha, null))) throw new Refusal(422, 'Reference already exists');
    await settlePulls(repo);
    return { status: 201, body: refBody(call, name.replace(/^refs\//, ''), sha) };
  },

  async 'git/update-ref'(call) {
    const { repo, caller, params, body } = call;
    const ref = params.ref ?? '';
    const before = await repo.bare.commitAt(`refs/${ref}`);
    if (before === null) throw new Refusal(422, 'Reference does not exist');
    const sha = await repo.bare.commitAt(textIn(body, 'sha') ?? '');
    if (sha === null) throw new Refusal(422, 'Object does not exist');
    refuseProtected(repo, caller, ref.replace('heads/', ''));
    if (body.force !== true && !(await repo.bare.isAncestor(before, sha))) {
      throw new Refusal(422, 'Update is not a fast forward');
    }
    if (!(await repo.bare.move(`refs/${ref}`, sha, before))) throw new Refusal(409, 'Conflict');
    await settlePulls(repo);
    return { status: 200, body: refBody(call, ref, sha) };
  },

  async 'git/delete-ref'({ repo, caller, params }) {
    const ref = params.ref ?? '';
    const before = await repo.bare.commitAt(`refs/${ref}`);
    if (before === null) throw new Refusal(422, 'Reference does not exist');
    refuseProtected(repo, caller, ref.replace('heads/', ''));
    await repo.bare.move(`refs/${ref}`, null, before);
    await settlePulls(repo);
    return { status: 204 };
  },

  async 'git/get-tree'(call) {
    const { repo, params } = call;
    const { sha, content } = found(await repo.bare.object(`${params.tree_sha}^{tree}`));
    const tree = treeEntries(content).map((entry) => {
      const type = entry.mode === '040000' ? 'tree' : 'blob';
      const url = `${repoUrl(call)}/git/${type}s/${entry.sha}`;
      return { path: entry.name, mode: entry.mode, type, sha: entry.sha, url };
    });
    return { status: 200, body: { sha, url: `${repoUrl(call)}/git/trees/${sha}`, tree, truncated: false } };
  },

  async 'git/create-tree'(call) {
    const { repo, body } = call;
    const base = textIn(body, 'base_tree');
    const tree =
      base && (await repo.bare.text('rev-parse', '--verify', '--quiet', `${base}^{tree}`).catch(() => null));
    if (base && !tree) throw new Refusal(404, 'Not Found');
    const files: Record<string, string | Buffer | null> = {};
    for (const entry of body.tree as { path: string; content?: string; sha?: string | null }[]) {
      if (entry.content !== undefined) files[entry.path] = entry.content;
      else if (typeof entry.sha === 'string')
        files[entry.path] = found(await repo.bare.object(entry.sha)).content;
      else files[entry.path] = null;
    }
    const sha = await repo.bare.writeTree(tree || null, files);
    return {
      status: 201,
      body: { sha, url: `${repoUrl(call)}/git/trees/${sha}`, tree: [], truncated: false },
    };
  },

  async 'git/get-blob'(call) {
    const { repo, params } = call;
    const sha = params.file_sha ?? '';
    const { content } = found(await repo.bare.object(sha));
    return {
      status: 200,
      body: {
        ...{ sha, node_id: nodeId(repo, 'Blob', sha), size: content.length, encoding: 'base64' },
        ...{
          content: content.toString('base64').replace(/(.{60})/g, '$1\n'),
          url: `${repoUrl(call)}/git/blobs/${sha}`,
        },
      },
    };
  },

  async 'git/create-blob'(call) {
    const { repo, body } = call;
    const input = Buffer.from(textIn(body, 'content') ?? '', body.encoding === 'base64' ? 'base64' : 'utf8');
    const sha = await repo.bare.writeBlob(input);
    return { status: 201, body: { sha, url: `${repoUrl(call)}/git/blobs/${sha}` } };
  },

  async 'git/get-commit'(call) {
    return {
      status: 200,
      body: gitCommitBody(call, found(await call.repo.bare.readCommit(call.params.commit_sha ?? ''))),
    };
  },

  async 'git/create-commit'(call) {
    const { repo, caller, body } = call;
    const tree = textIn(body, 'tree') ?? '';
    if ((await repo.bare.text('cat-file', '-t', tree).catch(() => '')) !== 'tree') {
      throw new Refusal(422, 'Tree SHA does not exist');
    }
    const parents = (body.parents ?? []) as string[];
    for (const parent of parents) {
      if ((await repo.bare.commitAt(parent)) === null) throw new Refusal(422, 'Parent SHA does not exist');
    }
    const sha = await repo.bare.writeCommit(
      tree,
      parents,
      textIn(body, 'message') ?? '',
      gitAuthorOf(caller),
    );
    return { status: 201, body: gitCommitBody(call, found(await repo.bare.readCommit(sha))) };
  },

  async 'repos/list-commits'(call) {
    const { repo, query } = call;
    const start = found(await repo.bare.commitAt(query.sha ?? repo.defaultBranch));
    const since = query.since === undefined ? [] : [`--since=${query.since}`];
    const path = query.path === undefined ? [] : ['--', query.path];
    const list = await repo.bare.commits(...since, start, ...path);
    return { status: 200, list: list.map((commit) => commitBody(call, commit)) };
  },

  async 'repos/get-commit'(call) {
    const commit = await call.repo.bare.readCommit(call.params.ref ?? '');
    if (!commit) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`);
    return { status: 200, body: commitBody(call, commit) };
  },

  async 'repos/list-pull-requests-associated-with-commit'(call) {
    const { repo, params } = call;
    const sha = found(await repo.bare.commitAt(params.commit_sha ?? ''));
    const list = [];
    for (const pull of repo.pulls) {
      const brought = pull.merge_commit_sha === sha || (await repo.bare.isAncestor(sha, pull.head_sha));
      if (brought && !(await repo.bare.isAncestor(sha, pull.base_sha))) list.push(await pullBody(call, pull));
    }
    return { status: 200, list };
  },

  async 'repos/compare-commits-with-basehead'(call) {
    const { repo, params, query } = call;
    const [base = '', head = ''] = (params.basehead ?? '').split('...');
    const from = await repo.bare.readCommit(base);
    const to = await repo.bare.readCommit(head);
    if (!from || !to) throw notFound();
    const merged = await repo.bare.mergeBase(from.sha, to.sha);
    if (merged === null) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`);
    const ahead = await repo.bare.between(from.sha, to.sha);
    const behind = (await repo.bare.between(to.sha, from.sha)).length;
    const size = query.per_page ? Number(query.per_page) : COMPARED;
    const begin = (Number(query.page ?? 1) - 1) * size;
    const status =
      ahead.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
    return {
      status: 200,
      body: {
        ...{ status, ahead_by: ahead.length, behind_by: behind, total_commits: ahead.length, files: [] },
        base_commit: commitBody(call, from),
        merge_base_commit: commitBody(call, found(await repo.bare.readCommit(merged))),
        commits: ahead.slice(begin, begin + size).map((commit) => commitBody(call, commit)),
      },
    };
  },
};

function refBody(call: Call, ref: string, sha: string) {
  return {
    ref: `refs/${ref}`,
    node_id: nodeId(call.repo, 'Ref', ref),
    url: `${repoUrl(call)}/git/refs/${ref}`,
    object: { type: 'commit', sha, url: `${repoUrl(call)}/git/commits/${sha}` },
  };
}

function gitCommitBody(call: Call, commit: Commit) {
  return {
    ...{ sha: commit.sha, message: commit.message, url: `${repoUrl(call)}/git/commits/${commit.sha}` },
    ...{ author: commitUser(commit), committer: commitUser(commit) },
    tree: { sha: commit.tree, url: `${repoUrl(call)}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => parentBody(call, sha)),
  };
}

function parentBody(call: Call, sha: string) {
  return { sha, url: `${repoUrl(call)}/git/commits/${sha}`, html_url: `${repoUrl(call)}/commit/${sha}` };
}

export function commitBody(call: Call, commit: Commit) {
  const { sha, message, tree } = commit;
  return {
    ...{ sha, url: `${repoUrl(call)}/commits/${sha}`, author: null, committer: null },
    commit: {
      ...{ message, author: commitUser(commit), committer: commitUser(commit), comment_count: 0 },
      tree: { sha: tree, url: `${repoUrl(call)}/git/trees/${tree}` },
    },
    parents: commit.parents.map((parent) => parentBody(call, parent)),
  };
}
