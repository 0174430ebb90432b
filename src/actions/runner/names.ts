import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/** May subjects be named? In public repositories only if it is allowed explicitly. */
export function mayNameSubjects({ showNames }: Inputs, { isPrivate }: Context): boolean {
  return showNames || isPrivate === true;
}

/** Removes the names of subjects from a plan or a result, if they may not be shown. */
export function withoutNames<P extends { changes: readonly PlannedChange[] }>(plan: P, may: boolean): P {
  return may ? plan : { ...plan, changes: plan.changes.map((change) => ({ ...change, largest: [] })) };
}
