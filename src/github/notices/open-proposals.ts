import type { OpenProposal } from '../../app/ports/pull-requests.ts';
import { RolloutError } from '../../errors.ts';
import type { Client } from '../api/client.ts';

/** Limit of the newest open pull requests that are read. */
const MOST_LOOKED_THROUGH = 50;
/** Limit of paths per pull request; one with more may change any file. */
const MOST_PATHS = 100;

const QUERY = `query ($owner: String!, $repo: String!, $base: String!, $pulls: Int!, $paths: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequests(states: OPEN, baseRefName: $base, first: $pulls, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes {
        number
        headRefOid
        isCrossRepository
        mergeable
        potentialMergeCommit { oid parents(first: 2) { nodes { oid } } }
        files(first: $paths) { nodes { path } pageInfo { hasNextPage } }
      }
    }
  }
}`;

interface TrialMerge {
  oid: string;
  /** The base, then the head. */
  parents: { nodes: { oid: string }[] };
}

interface Answer {
  repository: {
    pullRequests: {
      nodes: {
        number: number;
        headRefOid: string;
        isCrossRepository: boolean;
        mergeable: 'CONFLICTING' | 'MERGEABLE' | 'UNKNOWN';
        potentialMergeCommit: TrialMerge | null;
        files: { nodes: { path: string }[]; pageInfo: { hasNextPage: boolean } } | null;
      }[];
    };
  } | null;
}

/**
 * Returns open pull requests to `base` that change `path` or a YAML file that it may include, and all from forks, whose
 * checks nobody else writes. One query for all of them.
 */
export async function openProposals(client: Client, base: string, path: string): Promise<OpenProposal[]> {
  const { owner, repo } = client;
  const { data, errors } = await client.graphql<Answer>(QUERY, {
    ...{ owner, repo, base, pulls: MOST_LOOKED_THROUGH, paths: MOST_PATHS },
  });
  if (!data?.repository) {
    throw new RolloutError('github_refused', `GitHub lists no pull requests: ${errors[0]?.message ?? ''}`, {
      hint: 'give the job in its workflow: permissions: pull-requests: read',
    });
  }
  return data.repository.pullRequests.nodes
    .filter(
      ({ files, isCrossRepository: fork }) =>
        fork || !files || files.pageInfo.hasNextPage || files.nodes.some(mayConfigure(path)),
    )
    .map(({ number, headRefOid: head, isCrossRepository, mergeable, potentialMergeCommit }) => ({
      ...{ number, head, fork: isCrossRepository, conflicts: mergeable === 'CONFLICTING' },
      merge: trialOf(head, potentialMergeCommit),
    }));
}

/** After a push GitHub still returns the trial merge of the previous head, which does not apply to this one. */
function trialOf(head: string, merge: TrialMerge | null): OpenProposal['merge'] {
  const [onto, of] = merge?.parents.nodes ?? [];
  return merge !== null && onto !== undefined && of?.oid === head
    ? { commit: merge.oid, onto: onto.oid }
    : null;
}

function mayConfigure(path: string): (file: { path: string }) => boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (file) => file.path === path || (file.path.startsWith(folder) && /\.ya?ml$/i.test(file.path));
}
