import { problemsAt } from '../../../config/read/problems-at.ts';
import type { ActualFeature } from '../../../domain/plan/actual.ts';
import { type AudienceChange, type TestsChange, testsThatDecide } from '../../../domain/plan/impact.ts';
import { type Breach, onlyWaits } from '../../../domain/policy/breach.ts';
import { largeRaise, outsideHours } from '../../../domain/policy/judge.ts';
import {
  isSameEntry,
  policyOver,
  type Refusal,
  TEST_REPOSITORIES,
  type TestsEntry,
} from '../../../domain/policy/refusal.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import type { Reader } from '../../../store/store.ts';
import type { Words } from '../../ports/words.ts';
import type { FileText } from '../file/desired.ts';
import type { Judging } from './policy-of-change.ts';

/** Test repositories that a policy refuses: the features that the list would raise, and the breaches. */
export interface RefusedTests {
  entry: TestsEntry;
  policy: Policy;
  breaches: readonly { feature: string; breach: Breach }[];
}

/**
 * Returns the policy's breaches by a new list of test repositories, which raises every feature that goes by category.
 * The list is accepted as a whole or not at all. Null: no breach.
 */
export async function refusedTests(
  read: Reader,
  tests: TestsChange | null,
  judging: Pick<Judging, 'policy' | 'refusals' | 'features' | 'now'>,
): Promise<RefusedTests | null> {
  if (!tests) return null;
  const entry = { tests: [...tests.after].sort() };
  const policy = policyOver(entry, judging.policy, judging.refusals.get(TEST_REPOSITORIES));
  if (!policy) return null;
  const breaches: RefusedTests['breaches'][number][] = [];
  for (const feature of judging.features.values()) {
    for (const breach of await breachesOf(read, feature, tests, policy, judging.now)) {
      breaches.push({ feature: feature.feature, breach });
    }
  }
  return breaches.length === 0 ? null : { entry, policy, breaches };
}

async function breachesOf(
  read: Reader,
  { feature, columns, settings }: ActualFeature,
  tests: TestsChange,
  policy: Policy,
  now: Date | null,
): Promise<Breach[]> {
  const side = { subject: settings.subject, exposure: columns };
  const change: AudienceChange = { before: side, after: side, tests };
  if (!columns.active || columns.emergency_stop || !testsThatDecide(change)) return [];
  const { entering } = await read.features.impact(change);
  if (entering === 0) return [];
  const jobs =
    policy.largest_raise.job_share === null ? null : await read.features.jobsMoved(feature, change);
  const share = jobs === null || jobs.jobs === 0 ? 0 : (100 * jobs.moving) / jobs.jobs;
  return [...largeRaise(policy, entering, share), ...outsideHours(policy, now)];
}

/** Returns the refusal of the list to keep, and whether there is none any more. */
export function testsRefusalAfter(
  refused: RefusedTests | null,
  tests: TestsChange | null,
  known: ReadonlyMap<string, Refusal>,
): { kept: Omit<Refusal, 'allowed'>[]; gone: string[] } {
  if (refused) {
    const { entry, policy } = refused;
    return { kept: [{ feature: TEST_REPOSITORIES, entry, policy }], gone: [] };
  }
  const before = known.get(TEST_REPOSITORIES);
  const isAllowed = before && tests && isSameEntry(before.entry, { tests: [...tests.after].sort() });
  return { kept: [], gone: before && !isAllowed ? [TEST_REPOSITORIES] : [] };
}

/**
 * Returns each breach as a problem at the line of the list: a warning if all breaches end by themselves, so that the
 * list only waits.
 */
export function testsProblems(
  { content }: Pick<FileText, 'content'>,
  refused: RefusedTests | null,
  words: Pick<Words, 'testsBreach'>,
): Problem[] {
  const breaches = refused?.breaches ?? [];
  const severity = onlyWaits(breaches.map(({ breach }) => breach))
    ? ('warning' as const)
    : ('error' as const);
  return problemsAt(
    content,
    breaches.map(({ feature, breach }) => ({
      severity,
      path: ['test_repositories'],
      message: words.testsBreach(feature, breach),
    })),
  );
}
