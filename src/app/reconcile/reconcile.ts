import type { Change } from '../../domain/plan/change.ts';
import { plan, refuseFile } from '../../domain/plan/decide/plan.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import { audienceChange, type Movement, type PlannedChange } from '../../domain/plan/impact.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { retry } from '../../lib/retry.ts';
import { compareText } from '../../lib/text.ts';
import { applyAll, metadataAt, Overtaken, ownSteps } from './apply-changes.ts';
import { adoptBaselines } from './baseline.ts';
import { countSubjects, MOST_COUNTED, uncounted } from './count-subjects.ts';
import {
  desiredOf,
  type FileText,
  type LoadedFile,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  type Snapshot,
  testEntries,
  withSettlements,
} from './file/desired.ts';
import { freezeDifference, NO_TESTS, testDifference, testsChange } from './file/file-difference.ts';
import { refusePlainFile } from './file/plain-file-guard.ts';
import { refuseOtherRevision, refuseRewind } from './file/revision-guards.ts';
import { withRegistry } from './file/unmatched-entries.ts';
import { type PlanDependencies, refusedOf, refuseEmptyFile, withRefused } from './plan.ts';
import { refusalsAfter, refusedBy } from './policy/policy.ts';
import { countForPolicy, proofsFor } from './policy/policy-counts.ts';
import { type RefusedTests, refusedTests, testsProblems, testsRefusalAfter } from './policy/tests-policy.ts';
import type { ReconcileInput } from './reconcile-input.ts';

/**
 * Applies the file at the tip of the default branch to the database.
 *
 * Level-triggered: it compares and applies differences, whoever called and however often. Each feature has its own
 * transaction, decided again under its lock; one that fails is reported and the others continue.
 */
export async function reconcile(deps: PlanDependencies, input: ReconcileInput): Promise<ReconcileResult> {
  const mayPass = (error: unknown) => error instanceof Overtaken;
  return retry(() => reconcileOnce(deps, input), { attempts: ATTEMPTS, mayPass });
}

/** Number of attempts when another run overtakes this one; then it is left to the next run. */
const ATTEMPTS = 3;

async function reconcileOnce(deps: PlanDependencies, input: ReconcileInput): Promise<ReconcileResult> {
  const tip = await deps.repository.readTip();
  refuseOtherRevision(tip.revision, input.revision);
  const loaded = loadFile(tip);
  if (!loaded.ok) return unreadable(loaded.problems, tip);
  const { file } = loaded;
  const snapshot = await snapshotFor(deps, tip, file, input);
  // A file without a commit never replaces the last applied commit.
  const claimed = tip.revision ?? snapshot.state.revision;
  const decided = await decide(deps, file, snapshot, input.adopted !== undefined);
  await begin(deps, snapshot, claimed);
  // Stored before anything is applied: once the new policy is in force, only this record shows which policy judged an
  // entry.
  await deps.store.features.keepRefusals(input.actor, decided.refusals);
  const movements = decided.testsRefused ? [] : await takeTestRepositories(deps, file, input, claimed);
  const { desired, planned, incidents } = decided;
  const by = {
    actor: input.actor,
    asked: input.asked,
    adopted: input.adopted ?? null,
    metadata: await metadataAt(tip, planned, input),
    steps: await ownSteps(deps, planned, movements),
  };
  const known = {
    settlements: new Map(incidents.map(({ id, settlement }) => [id, settlement])),
    names: snapshot.names,
    now: snapshot.state.now,
    claimed,
  };
  const done = await applyAll(deps, desired, planned, known, by);
  const { adopted, refusals: denied } = await adoptBaselines(deps.store, desired, snapshot.features, by);
  await finish(deps, file, claimed, input.actor);
  return {
    changes: [...done, ...denied].sort((a, b) => compareText(a.feature, b.feature)),
    problems: [
      ...(await deps.store.reading((read) => withRegistry(read, file.problems))),
      ...testsProblems(tip, decided.testsRefused, deps.words),
    ],
    revision: tip.revision,
    test_repositories: decided.testsRefused
      ? NO_TESTS
      : testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    global_stop: snapshot.state.global_stop?.reason ?? null,
    adopted,
    movements: movements.filter(({ feature }) => !done.some((one) => one.feature === feature && one.impact)),
  };
}

/** Reads the database's state. Throws if this file may not be applied to it at all. */
async function snapshotFor(
  { store, repository }: PlanDependencies,
  tip: FileText,
  file: LoadedFile,
  { adopted, allowRewind }: ReconcileInput,
): Promise<Snapshot> {
  const { snapshot, governor } = await store.reading(async (read) => {
    await refusePlainFile(read, tip, adopted ?? null);
    return {
      snapshot: await readSnapshot(read, file.config.features.values()),
      governor: await read.governingRevision(),
    };
  });
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  if (!allowRewind) await refuseRewind(repository, tip.revision, governor);
  return snapshot;
}

/** The changes to apply, and the policy's refusals to keep. */
interface Decided {
  desired: Desired;
  planned: PlannedChange[];
  incidents: readonly Incident[];
  refusals: ReturnType<typeof refusalsAfter>;
  testsRefused: RefusedTests | null;
}

async function decide(
  { store, repository, words, other }: PlanDependencies,
  file: LoadedFile,
  snapshot: Snapshot,
  answered: boolean,
): Promise<Decided> {
  const asked = desiredOf(file, snapshot, answered);
  const { features, refusals: before } = snapshot;
  const { policy, now, test_repositories } = snapshot.state;
  refuseEmptyFile(words, refuseFile(asked, features));
  const incidents = await withSettlements(snapshot, asked, repository);
  const changes = plan(asked, features, incidents, now);
  await keepAudiences(store, changes);
  const judging = { policy, refusals: before, features, incidents, now };
  const asksTests = testsChange(file, test_repositories);
  const testsRefused = await store.reading((read) => refusedTests(read, asksTests, judging));
  const tests = testsRefused ? null : asksTests;
  const proofs = await proofsFor(other, asked, changes.map(uncounted), judging);
  const { counted, refused, mended } = await store.reading(async (read) => {
    const counted = await countSubjects(read, changes, tests);
    const sums = await countForPolicy(read, asked, counted, judging, tests, proofs);
    const refused = refusedBy(asked, counted, judging, sums);
    const again = refusedOf({ ...asked, refused }, features, incidents, now);
    return { counted, refused, mended: await countSubjects(read, again, tests) };
  });
  const desired = { ...asked, refused };
  const planned = withRefused(counted, mended);
  const [ofFeatures, ofTests] = [
    refusalsAfter(asked, counted, refused, before),
    testsRefusalAfter(testsRefused, asksTests, before),
  ];
  const refusals = {
    kept: [...ofFeatures.kept, ...ofTests.kept],
    gone: [...ofFeatures.gone, ...ofTests.gone],
  };
  return { desired, planned, incidents, testsRefused, refusals };
}

/** Stores the counts of the plan for history and later readers; counts that cannot be stored are counted again. */
async function keepAudiences(store: PlanDependencies['store'], changes: readonly Change[]): Promise<void> {
  if (changes.length === 0 || changes.length > MOST_COUNTED) return;
  const quarantined = await store.reading((read) => read.incidents.quarantinedIds());
  const audiences = changes.map(
    (change) => audienceChange(change, null, quarantined.get(change.feature) ?? []).after,
  );
  await store.features.keepCounts(audiences).catch(() => undefined);
}

/**
 * Begins to apply. Throws `Overtaken` if the state has changed since it was read, including the last-moment writes of
 * an older run.
 */
async function begin(
  { store }: PlanDependencies,
  { state }: Snapshot,
  claimed: string | null,
): Promise<void> {
  if (claimed === null || state.revision === claimed) return;
  const generation = await store.features.beginReconcile(state.revision, claimed);
  if (generation !== state.generation) throw new Overtaken();
}

async function finish(
  { store }: PlanDependencies,
  { config }: LoadedFile,
  revision: string | null,
  actor: string,
): Promise<void> {
  const { environment, freeze: freezes, policy, outcomes, notify } = config;
  await store.features.finishReconcile({ environment, revision, freezes, policy, outcomes, notify });
  await store.registry.resolveNames(actor);
}

async function takeTestRepositories(
  deps: PlanDependencies,
  file: LoadedFile,
  { actor, adopted }: ReconcileInput,
  claimed: string | null,
): Promise<Movement[]> {
  const why = 'test_repositories of the file changed';
  const reason = adopted ? `${adopted.reason} (${why})` : why;
  const claim = { actor, revision: file.revision, reason };
  const taken = await deps.store.registry.setTestRepositories(claim, testEntries(file.config), claimed);
  if (!taken) throw new Overtaken();
  return taken.movements;
}

export function unreadable(problems: ReconcileResult['problems'], tip: FileText): ReconcileResult {
  return {
    changes: [],
    problems,
    revision: tip.revision,
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    global_stop: null,
    adopted: [],
    movements: [],
  };
}
