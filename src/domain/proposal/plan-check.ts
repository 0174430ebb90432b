import type { ChangeReason } from '../plan/reason.ts';
import type { PlanResult } from '../plan/result.ts';

/** One thing that keeps a proposed file from being merged, as a code with its facts. */
export type AgainstMerging =
  /** Mistakes in the file, and breaches of the policy: `problems` of the plan with severity `error`. */
  | { code: 'errors'; count: number }
  /** Reconcile would not apply the file at all. */
  | { code: 'file_refused'; message: string; hint: string | null }
  /** The proposal raises a feature that an incident holds. */
  | { code: 'held'; feature: string; incident: string | null; reason: ChangeReason }
  /** Reconcile would refuse the feature's entry. */
  | { code: 'refused'; feature: string; reason: ChangeReason }
  /** The proposal raises these features, and the database that knows their holds could not be read. */
  | { code: 'holds_unknown'; features: readonly string[] };

/** Where the plan looked. `file`: no database was named; `away`: one was, and it could not be read. */
export type PlannedWith = 'database' | 'file' | 'away';

export interface ProposedPlan {
  plan: Pick<PlanResult, 'changes' | 'problems' | 'refused'>;
  with: PlannedWith;
  /** Does the proposal change the file? What is wrong with a file that it leaves alone is not its doing. */
  changed: boolean;
  /** Features of which the proposal asks more exposure than the file that it started from. */
  raised: ReadonlySet<string>;
  /** The file could not be planned: it is missing, or unreadable as a whole. */
  unplanned: string | null;
}

/**
 * `neutral`: nothing is found against merging, and holds were not looked for, because the plan has no database. GitHub
 * lets a neutral check through; it must not say that everything is well.
 */
export type CheckConclusion = 'success' | 'neutral' | 'failure';

/** What the check says. A proposal that raises nothing needs no holds to be known. */
export function checkConclusion(
  proposed: Pick<ProposedPlan, 'with' | 'changed' | 'raised'>,
  against: readonly AgainstMerging[],
): CheckConclusion {
  if (against.length > 0) return 'failure';
  return proposed.changed && proposed.with === 'file' && proposed.raised.size > 0 ? 'neutral' : 'success';
}

/** Refused for errors that are counted already, each at its own line. */
function hasErrors({ problems }: ProposedPlan['plan'], feature: string): boolean {
  const path = `features.${feature}`;
  return problems.some(
    (one) => one.severity === 'error' && (one.path === path || one.path.startsWith(`${path}.`)),
  );
}

/**
 * What speaks against merging a proposed file; empty: nothing does. A hold speaks only against the proposal that raises
 * the feature: a change that lowers another one never waits for it.
 */
export function againstMerging(proposed: ProposedPlan): AgainstMerging[] {
  const { plan, changed, raised, unplanned } = proposed;
  if (!changed) return [];
  const errors = plan.problems.filter(({ severity }) => severity === 'error').length;
  const against: AgainstMerging[] = [];
  if (unplanned !== null) against.push({ code: 'file_refused', message: unplanned, hint: null });
  if (plan.refused) against.push({ code: 'file_refused', ...plan.refused });
  if (errors > 0) against.push({ code: 'errors', count: errors });
  for (const { feature, action, incident, reason } of plan.changes) {
    if (action === 'held' && raised.has(feature)) against.push({ code: 'held', feature, incident, reason });
    if (action === 'refused' && !hasErrors(plan, feature)) against.push({ code: 'refused', feature, reason });
  }
  if (proposed.with === 'away' && raised.size > 0) {
    against.push({ code: 'holds_unknown', features: [...raised].sort() });
  }
  return against;
}
