import type { TestsChange } from '../../../domain/plan/impact.ts';
import type { PlanResult } from '../../../domain/plan/result.ts';
import { same, without } from '../../../domain/spec/difference.ts';
import type { Freeze } from '../../../domain/spec/spec.ts';
import { type LoadedFile, testEntries } from './desired.ts';

/** Returns the entries that this file adds to and removes from `test_repositories`. */
export function testDifference(file: LoadedFile, before: readonly string[]): PlanResult['test_repositories'] {
  const after = testEntries(file.config);
  return {
    added: without(after, before),
    removed: without(before, after),
  };
}

/** The difference of an unchanged list. */
export const NO_TESTS: PlanResult['test_repositories'] = { added: [], removed: [] };

/** Returns the freezes that this file adds and removes. */
export function freezeDifference(file: LoadedFile, before: readonly Freeze[]): PlanResult['freezes'] {
  const missing = (from: readonly Freeze[], others: readonly Freeze[]) =>
    from.filter((freeze) => !others.some((other) => same(freeze, other)));
  return { added: missing(file.config.freeze, before), removed: missing(before, file.config.freeze) };
}

/** Returns the change of `test_repositories` that the database has to store; null: unchanged. */
export function testsChange(file: LoadedFile, before: readonly string[]): TestsChange | null {
  const { added, removed } = testDifference(file, before);
  const moved = [...removed, ...added];
  return moved.length === 0 ? null : { moved, after: testEntries(file.config) };
}
