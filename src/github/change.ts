import type { FileChange, FileChangeResult } from '../app/ports.ts';
import { commitMessage, saysSo } from '../domain/commit-message.ts';
import { RolloutError } from '../errors.ts';
import { wantsPullRequest } from './failure.ts';
import { proposeChange } from './propose.ts';
import { defaultTip, fileAt, type Place, textOf } from './read.ts';
import { MOVED, untilSettled } from './repeat.ts';

/** How far back a commit of ours is looked for; commits of the file only. */
const LOOKED_THROUGH = 300;

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** A commit on the default branch, decided again whenever somebody was quicker; where a rule forbids it, a proposal. */
export async function commitChange(place: Place, change: FileChange): Promise<FileChangeResult> {
  const branch = await place.defaultBranch();
  const result = await untilSettled(place.client, branch, async () => {
    const tip = await defaultTip(place);
    const text = textOf(place, await fileAt(place, tip));
    const edited = change.edit(text);
    if (edited === text) return unchanged(place, tip, change.trailers);
    return commitOn(place, branch, tip, edited, change);
  });
  if (!('forbidden' in result)) return result;
  if (change.only_commit) {
    throw new RolloutError('branch_protected', `${branch} takes no commit of ours: ${result.forbidden}`, {
      hint: 'a pull request is what it takes: --via pull_request',
    });
  }
  return proposeChange(place, change);
}

/** The file says so already; the commit that made it so is named, where it is ours. */
export async function unchanged(
  { client, path }: Place,
  tip: string,
  trailers: readonly string[],
): Promise<FileChangeResult> {
  if (trailers.length === 0) return { state: 'unchanged', commit: null };
  const { owner, repo, rest, paginate, pages } = client;
  const list = paginate.iterator(rest.repos.listCommits, { owner, repo, sha: tip, path, per_page: 100 });
  const ours = ({ commit }: { commit: { message: string } }) => saysSo(commit.message, trailers);
  const commits = await pages(list, (all) => all.length >= LOOKED_THROUGH || all.some(ours));
  return { state: 'unchanged', commit: commits.find(ours)?.sha ?? null };
}

/** One commit of the one file on a branch that must still be at `expected`. */
export async function commitOn(
  { client, path }: Place,
  branch: string,
  expected: string,
  text: string,
  change: FileChange,
): Promise<{ state: 'committed'; commit: string } | { forbidden: string } | typeof MOVED> {
  const [headline = '', ...rest] = commitMessage(change).trimEnd().split('\n');
  const { data, errors } = await client.graphql<{ createCommitOnBranch: { commit: { oid: string } } | null }>(
    COMMIT,
    {
      input: {
        branch: { repositoryNameWithOwner: `${client.owner}/${client.repo}`, branchName: branch },
        expectedHeadOid: expected,
        message: { headline, body: rest.join('\n').trim() },
        fileChanges: { additions: [{ path, contents: Buffer.from(text).toString('base64') }] },
      },
    },
  );
  const commit = data?.createCommitOnBranch?.commit.oid;
  if (commit) return { state: 'committed', commit };
  const [{ type = '', message = 'GitHub made no commit' } = {}] = errors;
  if (type === 'STALE_DATA') return MOVED;
  if (type === 'BRANCH_PROTECTION_RULE_VIOLATION' || wantsPullRequest(message)) {
    return { forbidden: message.replace(/\s+/g, ' ').trim() };
  }
  throw refused(branch, type, message);
}

function refused(branch: string, type: string, message: string): RolloutError {
  const forbidden = type === 'FORBIDDEN' || /not accessible by/i.test(message);
  return new RolloutError(
    'github_refused',
    `committing to ${branch}: GitHub said: ${message.replace(/\s+/g, ' ')}`,
    {
      hint: forbidden
        ? 'give the job in its workflow: permissions: contents: write'
        : 'check GITHUB_REPOSITORY and the token: rollout doctor',
    },
  );
}
