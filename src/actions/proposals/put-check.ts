import type { Tip } from '../../app/ports/configuration-repository.ts';
import type { PlannedProposal } from '../../app/proposals/plan-proposal.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Context } from '../runner/context.ts';
import type { Github } from '../runner/open.ts';
import type { Annotation, Session } from '../runner/session.ts';
import { checkedEnvironment, checkName, planCheck } from './plan-check.ts';

/**
 * Returns the commit that people and branch protection look at: for a pull request, the head of its branch instead of
 * the trial merge.
 */
export function headOf({ pullRequest, sha }: Context): string {
  return pullRequest?.head ?? sha;
}

/**
 * Writes the check that branch protection can require. A fork's token may not: a run on the default branch writes it,
 * because that run only reads the proposed file and executes nothing of it.
 */
export async function putCheck(
  { inputs, context }: Session,
  github: Github,
  planned: PlannedProposal,
  { tip, notes }: { tip: Tip | null; notes: readonly string[] },
): Promise<Annotation[]> {
  if (!inputs.check) return [];
  const elsewhere = aboutAnother(context);
  if (elsewhere !== null) return [{ severity: 'notice', title: 'No check', message: elsewhere }];
  const environment = checkedEnvironment(planned.plan, tip);
  const name = checkName(environment);
  if (context.pullRequest?.fork) {
    const message = `a pull request from a fork may not write the check ${name}: the next health run writes it`;
    return [{ severity: 'notice', title: 'No check yet', message }];
  }
  try {
    const about = { head: headOf(context), file: inputs.file, environment, url: context.run, notes };
    await github.checks.put(planCheck(planned, about));
    return [];
  } catch (error) {
    const message = `the check ${name} is not written: ${refusalText(error)}`;
    return [{ severity: 'warning', title: 'No check', message }];
  }
}

/**
 * Reason for writing no check; null for a merge into the default branch. A check belongs to a commit, not to a pull
 * request: a check for a merge into another branch would also pass for a merge into the default branch.
 */
function aboutAnother({ pullRequest, mergeGroup, defaultBranch }: Context): string | null {
  const base = pullRequest?.base ?? mergeGroup?.base ?? null;
  if (base === null) return 'a check needs a pull request or a merge queue, and this run has neither';
  if (base === defaultBranch) return null;
  return `a check says what merging into ${defaultBranch ?? 'the default branch'} would do, and this goes to ${base}`;
}

function refusalText(error: unknown): string {
  const hint = error instanceof RolloutError && error.hint ? `; ${error.hint}` : '';
  return errorText(error) + hint;
}
