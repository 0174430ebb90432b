import type { Policy } from '../spec/policy.ts';
import { canonicalJson, type Spec } from '../spec/spec.ts';
import type { Breach } from './breach.ts';

/** The part of a feature's entry that a policy judges. */
export interface Entry {
  spec: Spec;
  skip_steps: boolean;
}

/** Test repositories of the file, sorted. */
export interface TestsEntry {
  tests: readonly string[];
}

/** Stands in the place of a feature's key for the list of test repositories; no key can equal it. */
export const TEST_REPOSITORIES = '@test_repositories';

/** A refused entry of the file, kept while the entry stays unchanged. */
export interface Refusal {
  /** A feature's key, or `TEST_REPOSITORIES`. */
  feature: string;
  entry: Entry | TestsEntry;
  /** The policy that refused the entry: the one reconciled before it. */
  policy: Policy;
  /** The person who allowed it, and why; null: nobody. */
  allowed: { by: string; reason: string } | null;
}

/**
 * Returns the policy that judges an entry; null: none. Until a refused entry changes, it is judged by the policy that
 * refused it, so a policy that is loosened with it or later lets nothing through.
 */
export function policyOver(
  entry: Entry | TestsEntry,
  policy: Policy | null,
  refused: Refusal | undefined,
): Policy | null {
  if (!refused || !isSameEntry(entry, refused.entry)) return policy;
  return refused.allowed === null ? refused.policy : null;
}

export function isSameEntry(one: Entry | TestsEntry, other: Entry | TestsEntry): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** A feature's change that a policy refuses, with that policy. */
export interface Refused {
  policy: Policy;
  breaches: readonly Breach[];
}
