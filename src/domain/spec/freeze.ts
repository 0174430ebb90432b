import type { Freeze } from './spec.ts';

/** Returns the freeze in force at this moment, if any. Days are whole days in UTC, both ends included. */
export function freezeAt(freezes: readonly Freeze[], now: Date): Freeze | null {
  const day = now.toISOString().slice(0, 10);
  return freezes.find((freeze) => freeze.from <= day && day <= freeze.to) ?? null;
}
