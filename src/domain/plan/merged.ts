import type { Movement } from './impact.ts';
import type { ReconcileResult } from './result.ts';

/**
 * Merges the results of two reconciles of one run; the later one followed a write-back or an advance and states the
 * current state.
 */
export function mergedReconciles(first: ReconcileResult, again: ReconcileResult): ReconcileResult {
  return {
    ...again,
    // Held changes that remain are in the later result too.
    changes: [...first.changes.filter(({ action }) => action !== 'held'), ...again.changes],
    adopted: [...first.adopted, ...again.adopted],
    movements: summed([...first.movements, ...again.movements]),
    test_repositories: net(first.test_repositories, again.test_repositories, String),
    freezes: net(first.freezes, again.freezes, (freeze) => JSON.stringify(freeze)),
  };
}

interface Difference<T> {
  added: T[];
  removed: T[];
}

/** An entry that one reconcile added and the other removed is left out. */
function net<T>(first: Difference<T>, again: Difference<T>, key: (one: T) => string): Difference<T> {
  const without = (some: readonly T[], others: readonly T[]) => {
    const gone = new Set(others.map(key));
    return some.filter((one) => !gone.has(key(one)));
  };
  return {
    added: [...without(first.added, again.removed), ...without(again.added, first.removed)],
    removed: [...without(first.removed, again.added), ...without(again.removed, first.added)],
  };
}

function summed(movements: readonly Movement[]): Movement[] {
  const sums = new Map<string, Movement>();
  for (const { feature, entering, leaving } of movements) {
    const before = sums.get(feature) ?? { feature, entering: 0, leaving: 0 };
    sums.set(feature, { feature, entering: before.entering + entering, leaving: before.leaving + leaving });
  }
  return [...sums.values()];
}
