import type { TestsChange } from '../../../domain/plan/impact.ts';
import type { PlanResult } from '../../../domain/plan/result.ts';
import { same, without } from '../../../domain/spec/difference.ts';
import type { Freeze } from '../../../domain/spec/spec.ts';
import { type LoadedFile, testEntries } from './desired.ts';

/** Who joins and leaves `test_repositories` by this file. */
export function testDifference(file: LoadedFile, before: readonly string[]): PlanResult['test_repositories'] {
  const after = testEntries(file.config);
  return {
    added: without(after, before),
    removed: without(before, after),
  };
}

/** Of a list that stays as it was. */
export const NO_TESTS: PlanResult['test_repositories'] = { added: [], removed: [] };

/** Which freezes this file adds, and which it no longer has. */
export function freezeDifference(file: LoadedFile, before: readonly Freeze[]): PlanResult['freezes'] {
  const missing = (from: readonly Freeze[], others: readonly Freeze[]) =>
    from.filter((freeze) => !others.some((other) => same(freeze, other)));
  return { added: missing(file.config.freeze, before), removed: missing(before, file.config.freeze) };
}

/** Change of `test_repositories` that the database has to store; null: the list stays. */
export function testsChange(file: LoadedFile, before: readonly string[]): TestsChange | null {
  const { added, removed } = testDifference(file, before);
  const moved = [...removed, ...added];
  return moved.length === 0 ? null : { moved, after: testEntries(file.config) };
}
