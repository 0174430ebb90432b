import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/** May subjects be named? What everybody can read names nobody's repositories, unless somebody says so. */
export function mayNameSubjects({ showNames }: Inputs, { isPrivate }: Context): boolean {
  return showNames || isPrivate === true;
}

/** A plan, or what was done, without the names of subjects where they may not be seen. */
export function withoutNames<P extends { changes: readonly PlannedChange[] }>(plan: P, may: boolean): P {
  return may ? plan : { ...plan, changes: plan.changes.map((change) => ({ ...change, largest: [] })) };
}
