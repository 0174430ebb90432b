import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { exposureChart } from '../../report/markdown/mermaid.ts';
import { changesTheRest, type PlanLike, totalsOf } from '../../report/words/plan-model.ts';
import { type Annotation, EXIT, type Outcome } from '../runner/session.ts';

/** Problems beside their lines, and what is held, refused or worth a warning. */
export function planAnnotations(plan: PlanLike, file: string): Annotation[] {
  const kept = plan.changes.filter(({ action }) => action === 'held' || action === 'refused');
  // Refused for what stands beside its own line already.
  const told = (feature: string) =>
    plan.problems.some(
      ({ severity, path }) => severity === 'error' && path.startsWith(`features.${feature}`),
    );
  return [
    ...plan.problems.map((problem) => problemAnnotation(problem, file)),
    ...kept
      .filter(({ action, feature }) => action === 'held' || !told(feature))
      .map(({ feature, action, reason }): Annotation => {
        return { severity: 'warning', title: `${feature} is ${action}`, message: reason };
      }),
    ...plan.changes.flatMap(({ feature, warnings }) =>
      warnings.map((message): Annotation => ({ severity: 'warning', title: feature, message })),
    ),
  ];
}

function problemAnnotation({ severity, message, line, column, path }: Problem, file: string): Annotation {
  return { severity, message, ...(path === '' ? {} : { title: path }), place: { file, line, column } };
}

/** As `rollout plan` ends: 1 with errors, 3 where something is held or refused, 2 with changes. */
export function planExit(plan: PlanLike): Outcome['exit'] {
  const totals = totalsOf(plan);
  if (totals.errors > 0) return EXIT.error;
  if (totals.held + totals.refused > 0 || plan.refused) return EXIT.held;
  return wouldChange(plan) ? EXIT.changes : EXIT.ok;
}

/** As `rollout reconcile` ends: the same, but what is done is done. */
export function reconcileExit(plan: PlanLike): Outcome['exit'] {
  const exit = planExit(plan);
  return exit === EXIT.changes ? EXIT.ok : exit;
}

export function wouldChange(plan: PlanLike): boolean {
  return totalsOf(plan).changes > 0 || changesTheRest(plan);
}

/** What share of all subjects is in before and after, of the features that were counted. */
export function planChart(plan: PlanLike): string {
  return exposureChart(
    'Share of subjects that are in, before (bars) and after (line)',
    plan.changes.flatMap(barOf),
  );
}

/** Subjects of a kind that the feature no longer has are no part of the whole. */
function barOf({ feature, impact, subject, subject_before }: PlannedChange) {
  if (!impact || impact.total === 0) return [];
  const before = subject_before === null || subject_before === subject ? impact.before : 0;
  const percent = (part: number) => (100 * part) / impact.total;
  return [{ feature, before: percent(before), after: percent(impact.after) }];
}
