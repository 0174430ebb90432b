import type { Policy } from '../spec/policy.ts';
import { canonicalJson, type Spec } from '../spec/spec.ts';
import type { Breach } from './breach.ts';

/** Part of a feature's entry that a policy judges. */
export interface Entry {
  spec: Spec;
  skip_steps: boolean;
}

/** Test repositories of the file, sorted. */
export interface TestsEntry {
  tests: readonly string[];
}

/** Stands for the list of test repositories where others have a feature: no key of one can be this. */
export const TEST_REPOSITORIES = '@test_repositories';

/** A refused entry of the file, kept while it stays the same. */
export interface Refusal {
  /** Or `TEST_REPOSITORIES`. */
  feature: string;
  entry: Entry | TestsEntry;
  /** The policy that refused it: the one that was reconciled before the entry. */
  policy: Policy;
  /** Who let it through, and why; null: nobody did. */
  allowed: { by: string; reason: string } | null;
}

/**
 * The policy that judges an entry; null: none does. An entry that was refused is judged by the policy that refused it
 * until it changes, so that a policy which was loosened with it, or since, lets nothing through.
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

/** A change of a feature that a policy refuses, by the policy that does. */
export interface Refused {
  policy: Policy;
  breaches: readonly Breach[];
}
