import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { exposureChart } from '../../report/markdown/mermaid.ts';
import { fileOf } from '../../report/text/plan-text.ts';
import { reasonText, warningText } from '../../report/words/change-words.ts';
import type { PlanLike } from '../../report/words/plan-model.ts';
import type { Annotation } from '../runner/session.ts';

/** Returns annotations for problems at their lines, and for held, refused and warned features. */
export function planAnnotations(plan: PlanLike, file: string): Annotation[] {
  const kept = plan.changes.filter(({ action }) => action === 'held' || action === 'refused');
  // True if the reason of the refusal already has its own line.
  const told = (feature: string) =>
    plan.problems.some(
      ({ severity, path }) => severity === 'error' && path.startsWith(`features.${feature}`),
    );
  return [
    ...plan.problems.map((problem) => problemAnnotation(problem, file)),
    ...kept
      .filter(({ action, feature }) => action === 'held' || !told(feature))
      .map(({ feature, action, reason }): Annotation => {
        return { severity: 'warning', title: `${feature} is ${action}`, message: reasonText(reason) };
      }),
    ...plan.changes.flatMap(({ feature, warnings }) =>
      warnings.map((warning): Annotation => {
        return { severity: 'warning', title: feature, message: warningText(warning) };
      }),
    ),
  ];
}

function problemAnnotation(problem: Problem, main: string): Annotation {
  const { severity, message, line, column, path } = problem;
  const place = { file: fileOf(problem, main), line, column };
  return { severity, message, ...(path === '' ? {} : { title: path }), place };
}

/** Draws the share of all subjects that is in before and after, for counted features. */
export function planChart(plan: PlanLike): string {
  return exposureChart(
    'Share of subjects that are in, before (bars) and after (line)',
    plan.changes.flatMap(barOf),
  );
}

/** Subjects of a type that the feature no longer has are not part of the total. */
function barOf({ feature, impact, subject, subject_before }: PlannedChange) {
  if (!impact || impact.total === 0) return [];
  const before = subject_before === null || subject_before === subject ? impact.before : 0;
  const percent = (part: number) => (100 * part) / impact.total;
  return [{ feature, before: percent(before), after: percent(impact.after) }];
}
