import type { Tip } from '../../app/ports/configuration-repository.ts';
import type { PlanCheck } from '../../app/ports/pull-requests.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import { environmentIn, type PlannedProposal } from '../../app/proposals/plan-proposal.ts';
import { planCheckMarkdown } from '../../report/markdown/plan-check-markdown.ts';
import { fileOf } from '../../report/text/plan-text.ts';
import { BLIND, checkTitle } from '../../report/words/check-words.ts';

export interface CheckedFile {
  /** The checked commit. */
  head: string;
  file: string;
  /** The environment, from `checkedEnvironment`. */
  environment: string | null;
  url: string;
  notes: readonly string[];
}

/** The name by which branch protection requires the check: `rollout/plan`, `rollout/staging/plan`. */
export function checkName(environment: string | null): string {
  return environment === null || environment === UNNAMED ? 'rollout/plan' : `rollout/${environment}/plan`;
}

/**
 * Returns the environment in the check's name: that of the file on the default branch, because a proposal that could
 * choose it would write another file's check; or the proposed file's if the former has none or cannot be read.
 */
export function checkedEnvironment(plan: { environment?: string | null }, tip: Tip | null): string | null {
  const own = tip === null || tip.revision === null ? null : environmentIn(tip);
  return own ?? plan.environment ?? null;
}

/** Builds the check of a planned proposal. */
export function planCheck(planned: PlannedProposal, checked: CheckedFile): PlanCheck {
  const { plan, against, conclusion, changed, kept } = planned;
  const { head, file, environment, url, notes } = checked;
  // Errors of a file that the proposal does not change are on no line that it shows.
  const problems = changed ? [...kept, ...plan.problems] : [];
  return {
    name: checkName(environment),
    head,
    conclusion,
    title: checkTitle(plan, against, { changed, file, blind: conclusion === 'neutral' }),
    summary: planCheckMarkdown(plan, against, conclusion === 'neutral' ? [BLIND, ...notes] : notes),
    annotations: problems.map((problem) => ({
      path: fileOf(problem, file),
      line: problem.line,
      severity: problem.severity,
      title: problem.path === '' ? null : problem.path,
      message: problem.message,
    })),
    url,
  };
}

/** Identifies the comment with a file's plan among the controller's comments. */
export function commentKey({ file }: { file: string }): string {
  return `plan of ${file}`;
}
