import { expect, it } from 'vitest';
import { mergedReconciles } from '../../../src/domain/plan/merged.ts';
import type { ReconcileResult } from '../../../src/domain/plan/result.ts';

const FEAST = { from: '2026-12-24', to: '2026-12-26', reason: 'a feast' };
const nothing: ReconcileResult = {
  ...{ changes: [], problems: [], revision: 'a', global_stop: null, adopted: [], movements: [] },
  ...{ test_repositories: { added: [], removed: [] }, freezes: { added: [], removed: [] } },
};

it('two merged reconciles keep what the first did beside its changes', () => {
  const first: ReconcileResult = {
    ...nothing,
    test_repositories: { added: ['acme/r1'], removed: ['acme/r2'] },
    freezes: { added: [FEAST], removed: [] },
    movements: [{ feature: 'alpha', entering: 2, leaving: 1 }],
  };
  expect(mergedReconciles(first, { ...nothing, revision: 'b' })).toEqual({ ...first, revision: 'b' });
});

it('two merged reconciles add up who moved, and cancel out test repositories added and removed again', () => {
  const first: ReconcileResult = {
    ...nothing,
    test_repositories: { added: ['acme/r1', 'acme/r3'], removed: ['acme/r2'] },
    movements: [{ feature: 'alpha', entering: 2, leaving: 1 }],
  };
  const again: ReconcileResult = {
    ...nothing,
    test_repositories: { added: ['acme/r2'], removed: ['acme/r1', 'acme/r4'] },
    movements: [
      { feature: 'alpha', entering: 0, leaving: 2 },
      { feature: 'beta', entering: 1, leaving: 0 },
    ],
  };
  const { test_repositories, movements } = mergedReconciles(first, again);
  expect(test_repositories).toEqual({ added: ['acme/r3'], removed: ['acme/r4'] });
  expect(movements).toEqual([
    { feature: 'alpha', entering: 2, leaving: 3 },
    { feature: 'beta', entering: 1, leaving: 0 },
  ]);
});
