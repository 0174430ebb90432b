import type { PlanCheck } from '../../app/ports.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import type { PlannedProposal } from '../../app/proposals/plan-proposal.ts';
import { planCheckMarkdown } from '../../report/markdown/plan-check-markdown.ts';
import { fileOf } from '../../report/text/plan-text.ts';
import { checkTitle } from '../../report/words/check-words.ts';

export interface CheckedFile {
  /** The commit that the check is about. */
  head: string;
  file: string;
  /** Of the file, or of the one on the default branch where that cannot be read. */
  environment: string | null;
  url: string;
  notes: readonly string[];
}

/** The name by which branch protection requires the check: `rollout/plan`, `rollout/staging/plan`. */
export function checkName(environment: string | null): string {
  return environment === null || environment === UNNAMED ? 'rollout/plan' : `rollout/${environment}/plan`;
}

/** The check of a planned proposal. It passes where nothing speaks against merging. */
export function planCheck(planned: PlannedProposal, checked: CheckedFile): PlanCheck {
  const { plan, against, changed, kept } = planned;
  const { head, file, environment, url, notes } = checked;
  // What is wrong with a file that the proposal leaves alone stands in no line that it shows.
  const problems = changed ? [...kept, ...plan.problems] : [];
  return {
    name: checkName(environment),
    head,
    passes: against.length === 0,
    title: checkTitle(plan, against, { changed, file }),
    summary: planCheckMarkdown(plan, against, notes),
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

/** Tells the comment with the plan of a file from our others. */
export function commentKey({ file }: { file: string }): string {
  return `plan of ${file}`;
}
