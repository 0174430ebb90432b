import { saidBy, statusOf } from '../api/failure.ts';
import { putComment } from '../notices/comments.ts';
import { lookAt } from './propose.ts';
import { openPulls } from './pull-request.ts';
import { branchTip, defaultTip, type Place } from './read.ts';

/** Closes the controller's proposal on a branch with the reason. A proposal with a person's commits is left open. */
export async function withdrawProposal(place: Place, branch: string, why: string): Promise<void> {
  const { client } = place;
  const { owner, repo, rest, surroundings } = client;
  if (branch === (await place.defaultBranch())) return;
  const head = await branchTip(place, branch);
  if (head === null) return;
  const tip = await defaultTip(place);
  if (!(await lookAt(place, tip, head)).ours) {
    surroundings.log?.(`the branch ${branch} was kept: somebody else added commits to it (${why})`);
    return;
  }
  for (const { number } of await openPulls(place, branch)) {
    await putComment(client, number, { key: 'withdrawn', body: `Closed by the rollout controller: ${why}` });
    await rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' });
  }
  try {
    await rest.git.deleteRef({ owner, repo, ref: `heads/${branch}` });
  } catch (error) {
    // Somebody was quicker, or a rule prevents it; a branch without a pull request does no harm.
    if (statusOf(error) !== 422) throw error;
    surroundings.log?.(`the branch ${branch} was left: ${saidBy(error)}`);
  }
}
