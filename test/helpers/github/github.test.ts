import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { describe, expect, it } from 'vitest';
import { gitEnvironment, temporaryFolder } from '../projects/git.ts';
import { fakeGithub } from './index.ts';

const run = promisify(execFile);
const repo = { owner: 'acme', repo: 'shop' };

async function world(enterprise = false) {
  const github = await fakeGithub();
  const shop = await github.repository('acme/shop', {
    files: { 'rollout.yaml': 'version: 1\n', 'docs/a.md': 'a\n' },
  });
  const { GITHUB_API_URL, GITHUB_TOKEN } = github.environment('acme/shop', { enterprise });
  const octokit = new Octokit({ baseUrl: GITHUB_API_URL, auth: GITHUB_TOKEN, log: QUIET });
  return { github, shop, octokit };
}

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...gitEnvironment };
  return (await run('git', args, { cwd, env })).stdout.trim();
}

describe('the fake GitHub', () => {
  it('the fake GitHub answers every operation as GitHub’s description says', async () => {
    const { github, shop, octokit } = await world();
    const workflow = shop.workflow({ name: 'health', path: '.github/workflows/health.yml' });
    shop.run({
      workflow_id: workflow.id,
      event: 'schedule',
      status: 'completed',
      conclusion: 'success',
      created_at: '2026-01-01T00:00:00Z',
    });
    const { rest } = octokit;
    expect((await rest.repos.get(repo)).data.default_branch).toBe('main');
    const tip = (await rest.git.getRef({ ...repo, ref: 'heads/main' })).data.object.sha;
    expect(tip).toBe(await shop.tip());
    const tree = (await rest.git.getTree({ ...repo, tree_sha: tip })).data.tree;
    expect(tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual(['040000 docs', '100644 rollout.yaml']);
    const blob = await rest.git.getBlob({ ...repo, file_sha: tree[1]?.sha ?? '' });
    expect(Buffer.from(blob.data.content, 'base64').toString()).toBe('version: 1\n');
    const content = (await rest.repos.getContent({ ...repo, path: 'docs/a.md' })).data;
    expect(content).toMatchObject({ type: 'file', path: 'docs/a.md' });

    const made = await rest.git.createTree({
      ...repo,
      base_tree: tip,
      tree: [{ path: 'b', mode: '100644', type: 'blob', content: 'b\n' }],
    });
    const commit = await rest.git.createCommit({
      ...repo,
      tree: made.data.sha,
      parents: [tip],
      message: 'b\n\nThis: that',
    });
    await rest.git.createRef({ ...repo, ref: 'refs/heads/x/y', sha: tip });
    await rest.git.updateRef({ ...repo, ref: 'heads/x/y', sha: commit.data.sha });
    expect(await shop.file('b', 'x/y')).toBe('b\n');
    const compared = await rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `${tip}...${commit.data.sha}`,
    });
    expect(compared.data).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      commits: [{ commit: { message: 'b\n\nThis: that' } }],
    });
    expect((await rest.repos.listCommits({ ...repo, sha: 'x/y', path: 'b' })).data).toHaveLength(1);
    await rest.repos.getCommit({ ...repo, ref: tip });
    await rest.git.getCommit({ ...repo, commit_sha: tip });

    const pull = await rest.pulls.create({ ...repo, head: 'x/y', base: 'main', title: 'B', body: 'b' });
    expect((await rest.pulls.list({ ...repo, head: 'acme:x/y', state: 'all' })).data).toHaveLength(1);
    await rest.pulls.update({ ...repo, pull_number: pull.data.number, title: 'C' });
    expect((await rest.pulls.get({ ...repo, pull_number: pull.data.number })).data).toMatchObject({
      title: 'C',
      mergeable: true,
    });
    const merged = await rest.pulls.merge({ ...repo, pull_number: pull.data.number });
    expect(await shop.tip()).toBe(merged.data.sha);
    expect(
      (await rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: merged.data.sha }))
        .data[0]?.number,
    ).toBe(1);
    await rest.git.deleteRef({ ...repo, ref: 'heads/x/y' });

    const issue = await rest.issues.create({ ...repo, title: 'i', body: 'b', labels: ['l'] });
    await rest.issues.createLabel({ ...repo, name: 'm', color: 'ff0000' });
    expect((await rest.issues.getLabel({ ...repo, name: 'l' })).data.name).toBe('l');
    const comment = await rest.issues.createComment({ ...repo, issue_number: issue.data.number, body: 'c' });
    await rest.issues.updateComment({ ...repo, comment_id: comment.data.id, body: 'd' });
    expect((await rest.issues.listComments({ ...repo, issue_number: issue.data.number })).data).toMatchObject(
      [{ body: 'd', user: { login: 'github-actions[bot]' } }],
    );
    await rest.issues.update({
      ...repo,
      issue_number: issue.data.number,
      state: 'closed',
      state_reason: 'completed',
    });
    await rest.issues.get({ ...repo, issue_number: issue.data.number });
    expect(
      (await rest.issues.listForRepo({ ...repo, state: 'all' })).data.map(({ number }) => number),
    ).toEqual([2, 1]);

    const deployed = await rest.repos.createDeployment({
      ...repo,
      ref: 'main',
      environment: 'e',
      auto_merge: false,
      required_contexts: [],
      payload: { a: 1 },
    });
    const deployment_id = 'id' in deployed.data ? deployed.data.id : 0;
    await rest.repos.createDeploymentStatus({ ...repo, deployment_id, state: 'success', description: 'd' });
    expect((await rest.repos.listDeploymentStatuses({ ...repo, deployment_id })).data).toMatchObject([
      { state: 'success' },
    ]);
    expect((await rest.repos.listDeployments({ ...repo, environment: 'e' })).data).toMatchObject([
      { payload: { a: 1 } },
    ]);
    await rest.repos.getAllEnvironments(repo);

    await rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(repo);
    await rest.actions.listRepoWorkflows(repo);
    expect((await rest.actions.getWorkflow({ ...repo, workflow_id: 'health.yml' })).data.state).toBe(
      'active',
    );
    await rest.actions.createWorkflowDispatch({
      ...repo,
      workflow_id: 'health.yml',
      ref: 'main',
      inputs: { a: 'b' },
    });
    expect(
      (await rest.actions.listWorkflowRuns({ ...repo, workflow_id: workflow.id })).data.total_count,
    ).toBe(1);
    await rest.actions.listWorkflowRunsForRepo(repo);
    await shop.protect('classic');
    await rest.repos.getBranch({ ...repo, branch: 'main' });
    await rest.repos.getBranchProtection({ ...repo, branch: 'main' });
    await shop.protect('ruleset');
    expect((await rest.repos.getBranchRules({ ...repo, branch: 'main' })).data).toMatchObject([
      { type: 'pull_request' },
    ]);
    expect((await rest.repos.getRepoRulesets(repo)).data).toHaveLength(1);
    await rest.rateLimit.get();
    expect(github.violations).toEqual([]);
  });

  it('the fake GitHub rejects requests with the statuses and messages of GitHub', async () => {
    const { github, shop, octokit } = await world();
    const weak = new Octokit({ baseUrl: github.url, auth: github.token({ contents: 'read' }), log: QUIET });
    const refused = {
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    };
    await expect(weak.rest.issues.create({ ...repo, title: 'i' })).rejects.toMatchObject(refused);
    await expect(octokit.rest.users.getAuthenticated()).rejects.toMatchObject(refused);
    await expect(new Octokit({ baseUrl: github.url, log: QUIET }).rest.repos.get(repo)).rejects.toMatchObject(
      { status: 401 },
    );
    const tip = (await shop.tip()) ?? '';
    await shop.commit({ a: 'a' }, { branch: 'b' });
    shop.allowPullRequests(false);
    const pull = { ...repo, head: 'b', base: 'main', title: 'B' };
    await expect(octokit.rest.pulls.create(pull)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('not permitted to create'),
    });
    shop.allowPullRequests(true);
    await octokit.rest.pulls.create(pull);
    await expect(octokit.rest.pulls.create(pull)).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('already exists'),
    });
    await shop.protect('ruleset');
    await expect(octokit.rest.git.updateRef({ ...repo, ref: 'heads/main', sha: tip })).rejects.toMatchObject({
      status: 409,
    });
  });

  it('the fake GitHub commits by GraphQL and rejects stale or protected commits and unknown fields', async () => {
    const { github, shop, octokit } = await world(true);
    const commit = (expectedHeadOid: string) =>
      octokit.graphql<{ createCommitOnBranch: { commit: { oid: string } } }>(
        'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }',
        {
          input: {
            branch: { repositoryNameWithOwner: 'acme/shop', branchName: 'main' },
            expectedHeadOid,
            message: { headline: 'h', body: 'b' },
            fileChanges: { additions: [{ path: 'a', contents: Buffer.from('a').toString('base64') }] },
          },
        },
      );
    const tip = (await shop.tip()) ?? '';
    expect((await commit(tip)).createCommitOnBranch.commit.oid).toBe(await shop.tip());
    await expect(commit(tip)).rejects.toMatchObject({ errors: [{ type: 'STALE_DATA' }] });
    await shop.protect('classic');
    await expect(commit((await shop.tip()) ?? '')).rejects.toMatchObject({
      errors: [{ type: 'BRANCH_PROTECTION_RULE_VIOLATION' }],
    });
    expect(github.requests.at(-1)).toMatchObject({
      operation: 'graphql/createCommitOnBranch',
      url: '/api/graphql',
    });
    expect(github.violations).toEqual([]);
    await expect(octokit.graphql('query { viewer { nonsense } }')).rejects.toThrow('nonsense');
    expect(github.violations.splice(0)).toEqual([expect.stringContaining('nonsense')]);
  });

  it('the fake GitHub reports a request that does not match GitHub’s description', async () => {
    const { github, octokit } = await world();
    await octokit.request('GET /repos/acme/shop/issues', { colour: 'red', state: 'ajar' });
    await octokit.request('POST /repos/acme/shop/labels', { name: 7 }).catch(() => undefined);
    await octokit.request('GET /repos/acme/shop/stargazers').catch(() => undefined);
    expect(github.violations.splice(0)).toEqual([
      'issues/list-for-repo: no parameter colour',
      expect.stringContaining('parameter state'),
      'issues/create-label: body/name must be string',
      expect.stringContaining('GET /repos/acme/shop/stargazers is not among the operations'),
    ]);
  });

  it('the fake GitHub speaks git and applies its branch rules to pushes', async () => {
    const { github, shop } = await world();
    const folder = await temporaryFolder();
    await git(folder, 'clone', '--quiet', shop.cloneUrl(github.token()), 'work');
    const work = join(folder, 'work');
    expect(await readFile(join(work, 'rollout.yaml'), 'utf8')).toBe('version: 1\n');
    await writeFile(join(work, 'rollout.yaml'), 'version: 1 #\n');
    await git(work, 'commit', '--quiet', '--all', '--message', 'push');
    await git(work, 'push', '--quiet');
    expect(await shop.file('rollout.yaml')).toBe('version: 1 #\n');
    await shop.commit({ 'a/b/c.txt': 'c', 'a.txt': 'a', 'docs/a.md': null, 'rollout.yaml': 'y' });
    expect(await git(shop.dir, 'ls-tree', '-r', '--name-only', 'main')).toBe(
      'a.txt\na/b/c.txt\nrollout.yaml',
    );
    expect(await git(shop.dir, 'fsck', '--strict', '--no-dangling')).toBe('');
    await git(work, 'pull', '--quiet');
    await shop.protect('ruleset');
    await git(work, 'commit', '--quiet', '--allow-empty', '--message', 'more');
    await expect(git(work, 'push', '--quiet')).rejects.toThrow('GH013');
    await expect(
      git(work, 'push', '--quiet', shop.cloneUrl(github.token({ contents: 'read' }))),
    ).rejects.toThrow('403');
  });

  it('the fake GitHub fails in the requested way, as often as requested', async () => {
    const { github, shop, octokit } = await world();
    const get = () => octokit.rest.repos.get(repo);
    github.fault({ on: 'repos/get', status: 502, times: 2 });
    await expect(get()).rejects.toMatchObject({ status: 502 });
    await expect(get()).rejects.toMatchObject({ status: 502 });
    await get();
    github.fault({ on: 'repos/get', reset: true });
    await expect(get()).rejects.toMatchObject({ status: 500 });
    github.fault({ on: 'repos/get', hang: true });
    await expect(
      octokit.rest.repos.get({ ...repo, request: { signal: AbortSignal.timeout(50) } }),
    ).rejects.toThrow();
    github.fault({ on: 'issues/create', lost: true });
    await expect(octokit.rest.issues.create({ ...repo, title: 'i' })).rejects.toMatchObject({ status: 500 });
    expect(shop.issues()).toHaveLength(1);
    github.fault({ on: 'repos/get', limit: 'secondary', seconds: 3 });
    await expect(get()).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': '3' } } });
    github.fault({ on: 'repos/get', before: () => shop.commit({ raced: 'x' }) });
    await get();
    expect(await shop.file('raced')).toBe('x');
  });
});
