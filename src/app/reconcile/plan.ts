import { type ActualFeature, settingsOf } from '../../domain/plan/actual.ts';
import type { Change } from '../../domain/plan/change.ts';
import {
  audienceChange,
  type CategoryImpact,
  type Impact,
  type Movement,
  type PlannedChange,
  type TestsChange,
  testsThatDecide,
} from '../../domain/plan/impact.ts';
import { plan, refuseFile } from '../../domain/plan/plan.ts';
import type { EmptyFile } from '../../domain/plan/reason.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { same, without } from '../../domain/spec/difference.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { resolveLists } from '../../domain/spec/resolve.ts';
import type { Freeze, Spec } from '../../domain/spec/spec.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import type { Reader, Store } from '../../store/store.ts';
import type { ConfigurationRepository, Words } from '../ports.ts';
import {
  desiredOf,
  type FileText,
  type LoadedFile,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  testEntries,
  withSettlements,
} from './desired.ts';
import { type AdoptedFile, refusePlainFile } from './plain-file-guard.ts';
import { breachProblems, countForPolicy, refusedBy, withPolicyHours } from './policy.ts';
import { staleResumes } from './stale-resumes.ts';
import { withRegistry, withUnmatched } from './unmatched-entries.ts';

/** Beyond this many changes, subjects are not counted: a first reconcile of thousands would scan for hours. */
export const MOST_COUNTED = 200;
const LARGEST_SHOWN = 5;

export interface PlanDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Words;
}

/** What reconcile would do with this file, and whom it moves. Writes nothing. */
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
  const tests = testsChange(file, snapshot.state.test_repositories);
  const { policy, now } = snapshot.state;
  const { refusals, features } = snapshot;
  const judging = { policy, refusals, features, incidents, now: null };
  const {
    counted,
    movements,
    problems,
    refused: against,
  } = await deps.store.reading(async (read) => {
    const warned = await withUnmatched(read, changes, desired);
    const asked = await countSubjects(read, warned, tests);
    const sums = await countForPolicy(read, desired, asked, judging, tests);
    const refused = refusedBy(desired, asked, judging, sums);
    const again = () => plan({ ...desired, refused }, snapshot.features, incidents, now);
    const counted = withPolicyHours(withRefused(asked, refused, again), desired, judging, now);
    const others = withoutCount(snapshot.features, counted);
    const problems = await withRegistry(read, file.problems);
    return { counted, refused, problems, movements: await movementsByTests(read, others, tests) };
  });
  return {
    changes: counted,
    movements,
    problems: [
      ...problems,
      ...staleResumes(text, file, snapshot.incidents),
      ...breachProblems(text, against, deps.words),
    ],
    revision: text.revision,
    environment: file.config.environment,
    test_repositories: testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    generation: snapshot.state.generation,
    global_stop: snapshot.state.global_stop?.reason ?? null,
    heartbeat: snapshot.state.heartbeat_at,
    now: snapshot.state.now,
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

/** File against file, without a database: what a merge would ask for, not what it would find. */
export function planAgainstFile(
  base: FileText,
  proposed: FileText,
  now: Date,
  words: Pick<Words, 'breach'>,
): PlanResult {
  const [before, after] = [loadFile(base), loadFile(proposed)];
  if (!after.ok) return nothingPlanned(after.problems, proposed.revision);
  if (!before.ok) {
    throw new RolloutError('file_invalid', `the base file ${base.path} has errors`, {
      hint: `see them with: rollout validate --file ${base.path}`,
    });
  }
  const actual = new Map(
    [...before.file.config.features].map(([key, spec]) => [key, asReconciled(key, spec)]),
  );
  const desired = desiredOf(after.file, { features: actual, names: new Map() });
  const changes = plan(desired, actual, [], now).map(uncounted);
  const { policy } = before.file.config;
  const refused = refusedBy(desired, changes, {
    ...{ policy, refusals: new Map(), features: actual, incidents: [], now: null },
  });
  const again = () => plan({ ...desired, refused }, actual, [], now);
  return {
    ...nothingPlanned(
      [...after.file.problems, ...breachProblems(proposed, refused, words)],
      proposed.revision,
    ),
    environment: after.file.config.environment,
    changes: withRefused(changes, refused, again),
    test_repositories: testDifference(after.file, testEntries(before.file.config)),
    freezes: freezeDifference(after.file, before.file.config.freeze),
  };
}

/** The problems of a file and nothing else, where it could not be compared. */
export function validated(text: FileText): PlanResult {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}

export function refuseEmptyFile(words: Words, empty: EmptyFile | null): void {
  if (!empty) return;
  throw new RolloutError('file_invalid', words.emptyFile(empty), {
    hint: 'to end a feature, set active: false first; to end all of them, run: rollout stop --all --reason ...',
  });
}

/** The counted changes, those that the policy refuses as a plan that knows of it has them. */
export function withRefused(
  counted: readonly PlannedChange[],
  refused: ReadonlyMap<string, unknown>,
  again: () => readonly Change[],
): PlannedChange[] {
  if (refused.size === 0) return [...counted];
  const others = counted.filter(({ feature }) => !refused.has(feature));
  const those = again().filter(({ feature }) => refused.has(feature));
  return [...others, ...those.map(uncounted)].sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

/** Counts, for each change that moves exposure, who enters and leaves by the whole file. */
export async function countSubjects(
  read: Reader,
  changes: readonly Change[],
  tests: TestsChange | null,
): Promise<PlannedChange[]> {
  const counted = changes.length > MOST_COUNTED ? [] : changes.filter(({ action }) => action !== 'refused');
  const audiences = counted.map((change) => audienceChange(change, tests));
  const impacts = await read.features.impacts(audiences);
  const largest = await read.features.largestMoved(
    audiences.filter((_, nth) => moves(impacts[nth])),
    LARGEST_SHOWN,
  );
  const planned = new Map<Change, PlannedChange>();
  for (const [nth, change] of counted.entries()) {
    const impact = impacts[nth];
    if (!impact) continue;
    const categories = [...impact.categories].sort(bySize);
    const shown = moves(impact) ? (largest.shift() ?? []) : [];
    planned.set(change, { ...change, impact: { ...impact, categories }, largest: shown });
  }
  return changes.map((change) => planned.get(change) ?? uncounted(change));
}

function moves(impact: Impact | undefined): boolean {
  return impact !== undefined && impact.entering + impact.leaving > 0;
}

/** Features whose audience is in no counted change. */
export function withoutCount(
  actual: ReadonlyMap<string, ActualFeature>,
  changes: readonly PlannedChange[],
): ActualFeature[] {
  const counted = new Set(changes.filter(({ impact }) => impact).map(({ feature }) => feature));
  return [...actual.values()].filter(({ feature }) => !counted.has(feature));
}

async function movementsByTests(
  read: Reader,
  features: readonly ActualFeature[],
  tests: TestsChange | null,
): Promise<Movement[]> {
  const movements: Movement[] = [];
  for (const { feature, columns, settings } of features) {
    const audience = { subject: settings.subject, exposure: columns };
    const change = { before: audience, after: audience, tests };
    if (!testsThatDecide(change)) continue;
    const { entering, leaving } = await read.features.impact(change);
    if (entering + leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}

/** Smallest first, those without a category last: the same in every run. */
function bySize(a: CategoryImpact, b: CategoryImpact): number {
  const place = ({ category }: CategoryImpact) =>
    (CATEGORIES as readonly (string | null)[]).indexOf(category);
  return (place(a) + 1 || CATEGORIES.length + 1) - (place(b) + 1 || CATEGORIES.length + 1);
}

function uncounted(change: Change): PlannedChange {
  return { ...change, impact: null, largest: [] };
}

/** Who joins and leaves `test_repositories` by this file. */
export function testDifference(file: LoadedFile, before: readonly string[]): PlanResult['test_repositories'] {
  const after = testEntries(file.config);
  return {
    added: without(after, before),
    removed: without(before, after),
  };
}

/** Which freezes this file adds, and which it no longer has. */
export function freezeDifference(file: LoadedFile, before: readonly Freeze[]): PlanResult['freezes'] {
  const missing = (from: readonly Freeze[], others: readonly Freeze[]) =>
    from.filter((freeze) => !others.some((other) => same(freeze, other)));
  return { added: missing(file.config.freeze, before), removed: missing(before, file.config.freeze) };
}

/** The same as the database has to know it; null: the list stays. */
export function testsChange(file: LoadedFile, before: readonly string[]): TestsChange | null {
  const { added, removed } = testDifference(file, before);
  const moved = [...removed, ...added];
  return moved.length === 0 ? null : { moved, after: testEntries(file.config) };
}

function asReconciled(feature: string, spec: Spec): ActualFeature {
  const { exposure, resolved } = resolveLists(spec, {}, new Map());
  return {
    feature,
    spec,
    edited: null,
    unsealed: [],
    resolved,
    columns: exposure,
    settings: settingsOf(spec),
    archived: false,
    revision: null,
  };
}

/** A plan without any change: of a file that is wrong, or that is not there. */
export function nothingPlanned(problems: Problem[], revision: string | null): PlanResult {
  return {
    changes: [],
    problems,
    revision,
    environment: null,
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    movements: [],
    generation: null,
    global_stop: null,
    heartbeat: null,
    now: null,
    refused: null,
  };
}
