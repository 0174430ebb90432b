import { RolloutError } from '../../errors.ts';
import { ONCE } from '../api/client.ts';
import { saidBy, statusOf } from '../api/failure.ts';
import { MOVED } from '../api/repeat.ts';
import { branchTip, type Place } from './read.ts';

const UPDATE_REFS = `mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;

/** Creates the branch at a commit; `MOVED`: somebody else created it. */
export async function createBranch(
  { client }: Place,
  branch: string,
  sha: string,
): Promise<null | typeof MOVED> {
  const { owner, repo, rest } = client;
  try {
    await rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha, ...ONCE });
    return null;
  } catch (error) {
    if (/already exists/i.test(saidBy(error))) return MOVED;
    throw branchRefused(error, branch);
  }
}

/** Moves without force: a commit made meanwhile makes it fail, and everything is read again. */
export async function moveBranch(
  { client }: Place,
  branch: string,
  sha: string,
): Promise<null | typeof MOVED> {
  const { owner, repo, rest } = client;
  try {
    await rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha, force: false, ...ONCE });
    return null;
  } catch (error) {
    if (/not a fast forward|does not exist/i.test(saidBy(error))) return MOVED;
    if (statusOf(error) === 409 && !/rule violations/i.test(saidBy(error))) return MOVED;
    throw branchRefused(error, branch);
  }
}

/** Moves by force, but only from the commit that was read: a commit made meanwhile makes it fail. */
export async function replaceBranch(
  place: Place,
  branch: string,
  from: string,
  to: string,
): Promise<null | typeof MOVED> {
  const { owner, repo, rest, graphql } = place.client;
  const { data: repository } = await rest.repos.get({ owner, repo });
  const refUpdates = [{ name: `refs/heads/${branch}`, beforeOid: from, afterOid: to, force: true }];
  const { errors } = await graphql(UPDATE_REFS, { input: { repositoryId: repository.node_id, refUpdates } });
  const [refused] = errors;
  if (!refused) return null;
  if ((await branchTip(place, branch)) !== from) return MOVED;
  throw protectedBranch(branch, refused.message.replace(/\s+/g, ' ').trim());
}

function branchRefused(error: unknown, branch: string): unknown {
  const status = statusOf(error);
  return status === 409 || status === 422 ? protectedBranch(branch, saidBy(error)) : error;
}

/** The refusal of a branch that a rule of the repository protects from the controller. */
export function protectedBranch(branch: string, said: string): RolloutError {
  return new RolloutError('branch_protected', `the branch ${branch} could not be written: ${said}`, {
    hint: "exclude rollout/** from the repository's branch rules",
  });
}
