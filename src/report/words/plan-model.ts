import type { Standing } from '../../domain/plan/change.ts';
import type { CategoryImpact, Movement, PlannedChange } from '../../domain/plan/impact.ts';
import { reasonFacts } from '../../domain/plan/reason.ts';
import type { Quarantined } from '../../domain/quarantine/quarantine.ts';
import type { GuardrailBackTest } from '../../domain/simulation/guardrail-test.ts';
import type { Expected } from '../../domain/simulation/kept-test.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { Freeze } from '../../domain/spec/spec.ts';
import { reasonText, warningText } from './change-words.ts';

/** The common part of plan and reconcile, as the formatters need it. */
export interface PlanLike {
  changes: readonly PlannedChange[];
  problems: readonly Problem[];
  revision: string | null;
  test_repositories: { added: readonly string[]; removed: readonly string[] };
  freezes: { added: readonly Freeze[]; removed: readonly Freeze[] };
  /** Subjects that enter and leave features without a counted change, because `test_repositories` changes. */
  movements: readonly Movement[];
  /** Reason of the global stop, which leaves every feature without subjects, whatever was counted; null: none. */
  global_stop?: string | null;
  /** Subjects that stay out whatever the file says. */
  quarantined?: readonly Quarantined[];
  /** Why reconcile would not apply the file at all. */
  refused?: { message: string; hint: string | null } | null;
  /** Back-tests of the guardrails that it adds or alters, by feature; left out: not requested. */
  guardrails?: ReadonlyMap<string, readonly PlannedGuardrailLike[]>;
}

/** A guardrail of a proposed feature with its back-test. */
export interface PlannedGuardrailLike extends GuardrailBackTest {
  /** True: the change adds or alters it. */
  altered: boolean;
  /** Future permission; null: it needs no back-test. */
  expected: Expected | null;
}

/** The totals of one line. */
export interface PlanTotals {
  changes: number;
  held: number;
  refused: number;
  entering: number;
  leaving: number;
  /** Changes whose moving subjects were not counted, because there was no database or there were too many changes. */
  uncounted: number;
  errors: number;
  warnings: number;
}

export function totalsOf(plan: PlanLike): PlanTotals {
  const sum = (pick: (change: PlannedChange) => number) =>
    plan.changes.reduce((total, change) => total + pick(change), 0);
  const moved = (pick: (movement: Movement) => number) =>
    plan.movements.reduce((total, movement) => total + pick(movement), 0);
  return {
    changes: plan.changes.filter(({ action }) => action !== 'held' && action !== 'refused').length,
    held: plan.changes.filter(({ action }) => action === 'held').length,
    refused: plan.changes.filter(({ action }) => action === 'refused').length,
    entering: sum(({ impact }) => impact?.entering ?? 0) + moved(({ entering }) => entering),
    leaving: sum(({ impact }) => impact?.leaving ?? 0) + moved(({ leaving }) => leaving),
    uncounted: sum(({ action, impact }) => (impact || action === 'held' || action === 'refused' ? 0 : 1)),
    errors: plan.problems.filter(({ severity }) => severity === 'error').length,
    warnings: plan.problems.filter(({ severity }) => severity === 'warning').length,
  };
}

/** The state of a feature in a word: `10%`, `off`, `stopped`, or `its whitelist`, which has no percentage. */
export function standingWord({ percentage, active, emergency_stop, strategy }: Standing): string {
  if (emergency_stop) return 'stopped';
  if (!active) return 'off';
  return strategy === 'whitelist' ? 'its whitelist' : `${percentage}%`;
}

/** `+2026-12-20 to 2027-01-03 (holidays)`: each freeze that is added, and each that is removed. */
export function freezeWords({ freezes: { added, removed } }: PlanLike): string[] {
  const word = (sign: string) => (freeze: Freeze) =>
    `${sign}${freeze.from} to ${freeze.to} (${freeze.reason})`;
  return [...added.map(word('+')), ...removed.map(word('-'))];
}

/** Does it change anything besides features? */
export function changesTheRest(plan: PlanLike): boolean {
  const { added, removed } = plan.test_repositories;
  return added.length + removed.length + freezeWords(plan).length > 0;
}

/** `repositories`, `customers`. */
export function subjectsWord(subject: string): string {
  return subject === 'repository' ? 'repositories' : `${subject}s`;
}

/** Names the part of an impact: a category, or, if the subject type changes, all subjects that were in. */
export function partWord({ subject, category }: CategoryImpact, change: PlannedChange): string {
  if (subject !== change.subject) return subjectsWord(subject);
  return category ?? 'without category';
}

/** The JSON format of `plan --json` and `reconcile --json`. */
export function planJson(plan: PlanLike) {
  return {
    changes: plan.changes.map((change) => ({
      feature: change.feature,
      action: change.action,
      from: standingJson(change.from),
      to: standingJson(change.to),
      file: change.file && standingJson(change.file),
      entering: change.impact?.entering ?? null,
      leaving: change.impact?.leaving ?? null,
      held: change.held,
      incident: change.incident,
      reason: reasonText(change.reason),
      reason_facts: reasonFacts(change.reason),
      warnings: change.warnings.map(warningText),
      warning_facts: change.warnings,
      subject: change.subject,
      subject_before: change.subject_before,
      differences: change.differences,
      categories: change.impact?.categories ?? [],
      largest: change.largest,
    })),
    problems: plan.problems,
    revision: plan.revision,
    test_repositories: plan.test_repositories,
    freezes: plan.freezes,
    movements: plan.movements,
    ...(plan.quarantined === undefined ? {} : { quarantined: plan.quarantined }),
    ...(plan.refused === undefined ? {} : { refused: plan.refused }),
  };
}

function standingJson({ percentage, active, emergency_stop }: Standing) {
  return { percentage, active, emergency_stop };
}
