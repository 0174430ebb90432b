import type { ChangeReason } from '../plan/reason.ts';
import type { PlanResult } from '../plan/result.ts';

/** A reason not to merge a proposed file, as a code with its facts. */
export type AgainstMerging =
  /** Mistakes in the file and breaches of the policy: the plan's `problems` with severity `error`. */
  | { code: 'errors'; count: number }
  /** Reconcile would not apply the file at all. */
  | { code: 'file_refused'; message: string; hint: string | null }
  /** The proposal raises a feature that an incident holds. */
  | { code: 'held'; feature: string; incident: string | null; reason: ChangeReason }
  /** Reconcile would refuse this feature's entry. */
  | { code: 'refused'; feature: string; reason: ChangeReason }
  /** The proposal raises these features, but the database with their holds could not be read. */
  | { code: 'holds_unknown'; features: readonly string[] };

/**
 * What the plan read. `file`: only the file, without a named database; `away`: the named database could not be read.
 */
export type PlannedWith = 'database' | 'file' | 'away';

export interface ProposedPlan {
  plan: Pick<PlanResult, 'changes' | 'problems' | 'refused'>;
  with: PlannedWith;
  /** Does the proposal change the file? Errors in an unchanged file are not its fault. */
  changed: boolean;
  /** Features for which the proposal asks for more exposure than its base file. */
  raised: ReadonlySet<string>;
  /** The file could not be planned: it is missing, or unreadable as a whole. */
  unplanned: string | null;
}

/**
 * `neutral`: nothing speaks against merging, but holds were not checked, because the plan has no database. GitHub lets
 * a neutral check pass, but it does not look like a success.
 */
export type CheckConclusion = 'success' | 'neutral' | 'failure';

/** Returns the conclusion of the check. A proposal that raises nothing passes without known holds. */
export function checkConclusion(
  proposed: Pick<ProposedPlan, 'with' | 'changed' | 'raised'>,
  against: readonly AgainstMerging[],
): CheckConclusion {
  if (against.length > 0) return 'failure';
  return proposed.changed && proposed.with === 'file' && proposed.raised.size > 0 ? 'neutral' : 'success';
}

/** Refused for errors that are already counted, each at its own line. */
function hasErrors({ problems }: ProposedPlan['plan'], feature: string): boolean {
  const path = `features.${feature}`;
  return problems.some(
    (one) => one.severity === 'error' && (one.path === path || one.path.startsWith(`${path}.`)),
  );
}

/**
 * Returns the reasons not to merge a proposed file; empty: none. A hold counts only against a proposal that raises the
 * held feature: a change that lowers another one never waits for it.
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
