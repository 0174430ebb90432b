import type { ChangeReason, ChangeWarning } from '../../../src/domain/plan/reason.ts';

/** A code with those of its facts that say something: `drift_repaired, repaired ["spec"]`. */
export function retellFacts({ code, ...facts }: ChangeReason | ChangeWarning): string {
  const says = (value: unknown) =>
    value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
  const told = Object.entries(facts).filter(([, value]) => says(value));
  return [code, ...told.map(([name, value]) => `${name} ${JSON.stringify(value)}`)].join(', ');
}
