import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import { branchOf, type Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/**
 * A workflow that was changed on a branch must reach neither the database nor the file with what is written there.
 * Throws `revision_refused`; also where the event does not say which branch is the default.
 */
export function refuseOtherRef({ command }: Inputs, { ref, defaultBranch, event }: Context): void {
  const branch = branchOf(ref);
  // A pull request has the ref of its trial merge; pull_request_target has the one of the base, and runs what others wrote.
  if (branch !== null && branch === defaultBranch && !event.startsWith('pull_request')) return;
  throw new RolloutError(
    'revision_refused',
    `${command} runs only on the default branch${defaultBranch === null ? '' : ` ${quoted(defaultBranch)}`}, not on ${quoted(ref)} (${event})`,
    { hint: 'start the workflow from the default branch' },
  );
}
