import type { ActualFeature } from '../../domain/plan/actual.ts';
import type { Change } from '../../domain/plan/change.ts';
import { plan, refuseFile } from '../../domain/plan/decide/plan.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { EmptyFile } from '../../domain/plan/reason.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { RolloutError } from '../../errors.ts';
import { compareText } from '../../lib/text.ts';
import type { Store } from '../../store/store.ts';
import type { ConfigurationRepository } from '../ports/configuration-repository.ts';
import type { OtherEnvironment } from '../ports/other-environment.ts';
import type { Words } from '../ports/words.ts';
import { withBudgets } from '../spending/over-budget.ts';
import { countSubjects, movementsByTests, uncounted, withoutCount } from './count-subjects.ts';
import {
  desiredOf,
  type FileText,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  withSettlements,
} from './file/desired.ts';
import { freezeDifference, NO_TESTS, testDifference, testsChange } from './file/file-difference.ts';
import { type AdoptedFile, refusePlainFile } from './file/plain-file-guard.ts';
import { staleResumes } from './file/stale-resumes.ts';
import { withRegistry, withUnmatched, withWholeAudience } from './file/unmatched-entries.ts';
import { nothingPlanned } from './file/unplanned.ts';
import { refusedBy } from './policy/policy.ts';
import { countForPolicy, proofsFor } from './policy/policy-counts.ts';
import { breachProblems, withPolicyHours } from './policy/policy-in-plan.ts';
import { refusedTests, testsProblems } from './policy/tests-policy.ts';

export interface PlanDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Words;
  /** Reads the environment in which raises are proved first; left out: it cannot be read. */
  other?: OtherEnvironment;
}

/** Plans what reconcile would do with this file, and which subjects move. Writes nothing. */
export async function planFile(
  deps: PlanDependencies,
  text: FileText,
  adopted: AdoptedFile | null = null,
): Promise<PlanResult> {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { file } = loaded;
  const { snapshot, refused } = await deps.store.reading(async (read) => ({
    snapshot: await readSnapshot(read, file.config.features.values()),
    refused: await refusalOf(() => refusePlainFile(read, text, adopted)),
  }));
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  const desired = desiredOf(file, snapshot, adopted !== null);
  refuseEmptyFile(deps.words, refuseFile(desired, snapshot.features));
  const incidents = await withSettlements(snapshot, desired, deps.repository);
  const changes = plan(desired, snapshot.features, incidents, snapshot.state.now);
  const asksTests = testsChange(file, snapshot.state.test_repositories);
  const { policy, now } = snapshot.state;
  const { refusals, features } = snapshot;
  const judging = { policy, refusals, features, incidents, now: null };
  const { testsRefused, testsWait } = await deps.store.reading(async (read) => {
    const refused = await refusedTests(read, asksTests, judging);
    // Like a feature, the list would wait for the policy's hours if it were merged now.
    return {
      testsRefused: refused,
      testsWait: refused ? null : await refusedTests(read, asksTests, { ...judging, now }),
    };
  });
  const tests = testsRefused ? null : asksTests;
  const proofs = await proofsFor(deps.other, desired, changes.map(uncounted), judging);
  const {
    counted,
    movements,
    problems,
    refused: against,
    quarantined,
  } = await deps.store.reading(async (read) => {
    const warned = await withUnmatched(read, changes, desired);
    const asked = withWholeAudience(await countSubjects(read, warned, tests), desired);
    const sums = await countForPolicy(read, desired, asked, judging, tests, proofs);
    const refused = refusedBy(desired, asked, judging, sums);
    const again = refusedOf({ ...desired, refused }, snapshot.features, incidents, now);
    const mended = await countSubjects(read, again, tests);
    const planned = withPolicyHours(withRefused(asked, mended), desired, judging, now);
    const counted = await withBudgets(read, planned, desired);
    const others = withoutCount(snapshot.features, counted);
    const problems = await withRegistry(read, file.problems);
    const quarantined = await read.incidents.quarantined();
    const movements = await movementsByTests(read, others, tests);
    return { counted, refused, problems, quarantined, movements };
  });
  return {
    changes: counted,
    movements,
    problems: [
      ...problems,
      ...staleResumes(text, file, snapshot.incidents),
      ...breachProblems(text, against, deps.words),
      ...testsProblems(text, testsRefused ?? testsWait, deps.words),
    ],
    revision: text.revision,
    environment: file.config.environment,
    test_repositories: testsRefused ? NO_TESTS : testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    generation: snapshot.state.generation,
    global_stop: snapshot.state.global_stop?.reason ?? null,
    heartbeat: snapshot.state.heartbeat_at,
    now: snapshot.state.now,
    ...(quarantined.length > 0 ? { quarantined } : {}),
    refused,
  };
}

async function refusalOf(refuse: () => Promise<void>): Promise<PlanResult['refused']> {
  try {
    await refuse();
    return null;
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { message: error.message, hint: error.hint ?? null };
  }
}

export function refuseEmptyFile(words: Words, empty: EmptyFile | null): void {
  if (!empty) return;
  throw new RolloutError('file_invalid', words.emptyFile(empty), {
    hint: 'to end a feature, set active: false first; to end all of them, run: rollout stop --all --reason ...',
  });
}

/**
 * Plans the features that the policy refuses: unchanged, or repaired after manual changes, which moves subjects too.
 */
export function refusedOf(
  desired: Desired,
  actual: ReadonlyMap<string, ActualFeature>,
  incidents: readonly Incident[],
  now: Date,
): Change[] {
  const { refused } = desired;
  if (!refused || refused.size === 0) return [];
  return plan(desired, actual, incidents, now).filter(({ feature }) => refused.has(feature));
}

/** Replaces changes by their repairs in `mended`. */
export function withRefused(
  asked: readonly PlannedChange[],
  mended: readonly PlannedChange[],
): PlannedChange[] {
  const again = new Set(mended.map(({ feature }) => feature));
  const others = asked.filter(({ feature }) => !again.has(feature));
  return [...others, ...mended].sort((a, b) => compareText(a.feature, b.feature));
}
