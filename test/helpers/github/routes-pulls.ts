import { type Call, found, pageUrl, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import { repositoryBody } from './routes-repository.ts';
import { gitAuthorOf, nodeId, now, type Pull, settlePulls, userOf } from './state.ts';

/** Conclusions with which GitHub takes a required check for passed. */
const PASSING: readonly string[] = ['success', 'neutral', 'skipped'];

export const pullRoutes: Routes = {
  async 'pulls/list'(call) {
    const { repo, query } = call;
    const state = query.state ?? 'open';
    const wanted = repo.pulls.filter(
      (pull) =>
        (state === 'all' || pull.state === state) &&
        (query.base === undefined || pull.base === query.base) &&
        (query.head === undefined || `${pull.fork ?? repo.owner}:${pull.head}` === query.head),
    );
    const ascending = query.direction === 'asc';
    const sorted = wanted.sort((a, b) => (ascending ? a.number - b.number : b.number - a.number));
    return { status: 200, list: await Promise.all(sorted.map((pull) => pullBody(call, pull))) };
  },

  async 'pulls/create'(call) {
    const { repo, caller, body } = call;
    if (caller.login === 'github-actions[bot]' && !repo.actionsMayCreatePulls) {
      throw new Refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
    }
    const [owner = '', branch = ''] = (textIn(body, 'head') ?? '').includes(':')
      ? (textIn(body, 'head') ?? '').split(':')
      : [repo.owner, textIn(body, 'head')];
    const base = textIn(body, 'base') ?? '';
    const head = owner === repo.owner ? await repo.bare.commitAt(`refs/heads/${branch}`) : null;
    const into = await repo.bare.commitAt(`refs/heads/${base}`);
    if (head === null) throw invalid([{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
    if (into === null) throw invalid([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
    if (repo.pulls.some((pull) => pull.state === 'open' && pull.head === branch && pull.base === base)) {
      throw invalid([custom(`A pull request already exists for ${owner}:${branch}.`)]);
    }
    if (await repo.bare.isAncestor(head, into))
      throw invalid([custom(`No commits between ${base} and ${branch}`)]);
    const pull: Pull = {
      ...{
        number: repo.nextNumber(),
        title: textIn(body, 'title') ?? '',
        body: textIn(body, 'body') ?? null,
      },
      ...{ state: 'open', user: caller, head: branch, fork: null, base, head_sha: head, base_sha: into },
      ...{
        merged: false,
        merge_commit_sha: null,
        labels: [],
        reviewers: [],
        assignees: [],
        created_at: now(),
        updated_at: now(),
        closed_at: null,
      },
    };
    repo.pulls.push(pull);
    return { status: 201, body: await pullBody(call, pull) };
  },

  async 'pulls/get'(call) {
    return { status: 200, body: await pullBody(call, pullIn(call)) };
  },

  async 'pulls/update'(call) {
    const { repo, body } = call;
    const pull = pullIn(call);
    if (body.state === 'open' && pull.state === 'closed') {
      const head = await repo.bare.commitAt(`refs/heads/${pull.head}`);
      if (pull.merged || head === null) {
        throw invalid([{ resource: 'PullRequest', code: 'invalid', field: 'state' }]);
      }
      Object.assign(pull, { state: 'open', closed_at: null, head_sha: head });
    }
    if (body.state === 'closed' && pull.state === 'open')
      Object.assign(pull, { state: 'closed', closed_at: now() });
    if (body.title !== undefined) pull.title = String(body.title);
    if (body.body !== undefined) pull.body = String(body.body);
    pull.updated_at = now();
    return { status: 200, body: await pullBody(call, pull) };
  },

  async 'pulls/request-reviewers'(call) {
    const { repo, body } = call;
    const pull = pullIn(call);
    const people = (body.reviewers ?? []) as string[];
    const teams = ((body.team_reviewers ?? []) as string[]).map((team) => `${repo.owner}/${team}`);
    if (people.includes(pull.user.login)) {
      throw new Refusal(422, 'Review cannot be requested from pull request author.');
    }
    if ([...people, ...teams].some((one) => repo.collaborators && !repo.collaborators.includes(one))) {
      throw new Refusal(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the acme/shop repository.',
      );
    }
    pull.reviewers = [...new Set([...pull.reviewers, ...people, ...teams])];
    return { status: 201, body: await pullBody(call, pull) };
  },

  async 'pulls/merge'(call) {
    const { caller, body } = call;
    const pull = pullIn(call);
    if (pull.state !== 'open') throw new Refusal(405, 'Pull Request is not mergeable');
    const sha = await mergePull(call, pull, (textIn(body, 'merge_method') ?? 'merge') as 'merge' | 'squash', {
      message: textIn(body, 'commit_message'),
      title: textIn(body, 'commit_title'),
      by: caller,
    });
    return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
  },
};

/** Merges as GitHub does: a merge commit, or everything in one. Throws 405 where it conflicts. */
export async function mergePull(
  { repo }: Pick<Call, 'repo'>,
  pull: Pull,
  method: 'merge' | 'squash',
  { message, title, by }: { message?: string | undefined; title?: string | undefined; by: Pull['user'] },
): Promise<string> {
  const { bare } = repo;
  refuseUnchecked(repo, pull);
  const base = found(await bare.commitAt(`refs/heads/${pull.base}`));
  const tree = await bare.mergedTree(base, pull.head_sha);
  if (tree === null) throw new Refusal(405, 'Merge conflict');
  const squashed = (await bare.commits('--reverse', `${base}..${pull.head_sha}`)).filter(
    ({ parents }) => parents.length < 2,
  );
  const [only, ...more] = squashed;
  const subject =
    title ??
    (method === 'squash'
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${repo.owner}/${pull.head}`);
  const details =
    message ??
    (method === 'merge'
      ? pull.title
      : more.length === 0
        ? (only?.message.split('\n').slice(1).join('\n').trim() ?? '')
        : squashed.map((one) => `* ${one.message}`).join('\n\n'));
  const parents = method === 'merge' ? [base, pull.head_sha] : [base];
  const sha = await bare.writeCommit(tree, parents, `${subject}\n\n${details}`.trim(), gitAuthorOf(by));
  if (!(await bare.move(`refs/heads/${pull.base}`, sha, base)))
    throw new Refusal(409, 'Base branch was modified');
  Object.assign(pull, {
    state: 'closed',
    merged: true,
    merge_commit_sha: sha,
    closed_at: now(),
    updated_at: now(),
  });
  await settlePulls(repo);
  return sha;
}

/** The newest run of each required check on the head counts; one that never came is waited for. */
function refuseUnchecked(repo: Call['repo'], pull: Pull): void {
  for (const required of repo.requiredChecks) {
    const runs = repo.checks.filter(({ name, head_sha }) => name === required && head_sha === pull.head_sha);
    const conclusion = runs.at(-1)?.conclusion;
    if (conclusion === undefined) throw new Refusal(405, `Required status check "${required}" is expected.`);
    if (!PASSING.includes(conclusion ?? ''))
      throw new Refusal(405, `Required status check "${required}" is failing.`);
  }
}

function pullIn({ repo, params }: Call): Pull {
  return found(repo.pulls.find(({ number }) => number === Number(params.pull_number)));
}

function custom(message: string) {
  return { resource: 'PullRequest', code: 'custom', message };
}

function invalid(errors: unknown[]): Refusal {
  return new Refusal(422, 'Validation Failed', errors);
}

export async function pullBody(call: Call, pull: Pull) {
  const { repo } = call;
  const base = await repo.bare.commitAt(`refs/heads/${pull.base}`);
  const mergeable = base !== null && (await repo.bare.mergedTree(base, pull.head_sha)) !== null;
  const side = (branch: string, sha: string, owner: string) => ({
    ...{ ref: branch, sha, label: `${owner}:${branch}`, user: userOf({ login: owner, type: 'User' }) },
    repo: {
      ...repositoryBody(call),
      owner: userOf({ login: owner, type: 'User' }),
      full_name: `${owner}/${repo.name}`,
    },
  });
  return {
    ...{ id: pull.number, node_id: nodeId(repo, 'PullRequest', pull.number), number: pull.number },
    ...{ url: `${repoUrl(call)}/pulls/${pull.number}`, html_url: `${pageUrl(call)}/pull/${pull.number}` },
    ...{ title: pull.title, body: pull.body, state: pull.state, user: userOf(pull.user), draft: false },
    ...{ created_at: pull.created_at, updated_at: pull.updated_at, closed_at: pull.closed_at },
    ...{
      merged: pull.merged,
      merged_at: pull.merged ? pull.closed_at : null,
      merge_commit_sha: pull.merge_commit_sha,
    },
    ...{ mergeable: pull.state === 'open' ? mergeable : null, labels: [] },
    head: side(pull.head, pull.head_sha, pull.fork ?? repo.owner),
    base: side(pull.base, base ?? pull.base_sha, repo.owner),
  };
}
