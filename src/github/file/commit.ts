import type { FileChange } from '../../app/ports/configuration-repository.ts';
import { commitMessage, saysSo } from '../../domain/git/commit-message.ts';
import { RolloutError } from '../../errors.ts';
import { wantsPullRequest } from '../api/failure.ts';
import { MOVED } from '../api/repeat.ts';
import type { ChangedFile, FilesAt, Place } from './read.ts';

/** Limit of commits of the file in which the controller's own is searched. */
const LOOKED_THROUGH = 300;

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** Returns the result if the file already says so, with the commit that made the change, if it is the controller's. */
export async function unchanged(
  { client, path }: Place,
  { blobs }: Pick<FilesAt, 'blobs'>,
  tip: string,
  trailers: readonly string[],
): Promise<{ state: 'unchanged'; commit: string | null }> {
  if (trailers.length === 0) return { state: 'unchanged', commit: null };
  const { owner, repo, rest, paginate, pages } = client;
  // GitHub filters by one path only; a commit of the controller may be in any of several files.
  const of = blobs.size > 1 ? {} : { path };
  const list = paginate.iterator(rest.repos.listCommits, { owner, repo, sha: tip, ...of, per_page: 100 });
  const ours = ({ commit }: { commit: { message: string } }) => saysSo(commit.message, trailers);
  const commits = await pages(list, (all) => all.length >= LOOKED_THROUGH || all.some(ours));
  return { state: 'unchanged', commit: commits.find(ours)?.sha ?? null };
}

/** Commits these files on a branch that must still be at `expected`. */
export async function commitOn(
  { client }: Place,
  branch: string,
  expected: string,
  files: readonly ChangedFile[],
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
        fileChanges: {
          additions: files.map(({ path, text }) => ({
            path,
            contents: Buffer.from(text).toString('base64'),
          })),
        },
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
