import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import { branchOf, type Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/**
 * Throws `revision_refused` outside of the default branch: a workflow that was changed on a branch must reach neither
 * the database nor the file. Also if the event does not name the default branch.
 */
export function refuseOtherRef({ command }: Inputs, { ref, defaultBranch, event }: Context): void {
  const branch = branchOf(ref);
  // A pull request has the ref of its trial merge; pull_request_target has the base's ref, but may run foreign code.
  if (branch !== null && branch === defaultBranch && !event.startsWith('pull_request')) return;
  throw new RolloutError(
    'revision_refused',
    `${command} runs only on the default branch${defaultBranch === null ? '' : ` ${quoted(defaultBranch)}`}, not on ${quoted(ref)} (${event})`,
    { hint: 'start the workflow from the default branch' },
  );
}
