import type { Change } from '../../domain/plan/change.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import { audienceChange, type Impact, type Movement, type PlannedChange } from '../../domain/plan/impact.ts';
import { plan, refuseFile } from '../../domain/plan/plan.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import type { Settlement } from '../../domain/spec/incident.ts';
import { resolveLists } from '../../domain/spec/resolve.ts';
import { RolloutError } from '../../errors.ts';
import { retry } from '../../lib/retry.ts';
import type { Applier } from '../../store/configuration/applier.ts';
import type { Fresh } from '../../store/configuration/changes.ts';
import { adoptBaselines, refusedBecause } from './baseline.ts';
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
} from './desired.ts';
import { type AdoptedFile, refusePlainFile } from './plain-file-guard.ts';
import {
  countSubjects,
  freezeDifference,
  MOST_COUNTED,
  type PlanDependencies,
  refuseEmptyFile,
  testDifference,
  testsChange,
  withRefused,
} from './plan.ts';
import { countForPolicy, refusalsAfter, refusedBy } from './policy.ts';
import { refuseOtherRevision, refuseRewind } from './revision-guards.ts';
import { withRegistry } from './unmatched-entries.ts';

export interface ReconcileInput {
  actor: string;
  /** Apply a tip that does not descend from the one applied last. */
  allowRewind: boolean;
  /** The commit the caller believes to be the tip; another one is refused. Null: whatever the tip is. */
  revision: string | null;
  /** A plain file that a person answers for, in a database that commits govern. */
  adopted?: AdoptedFile | undefined;
  /** What a person asked for, and why: the reason stands in the history of these features. */
  asked?: { features: readonly string[]; reason: string | undefined } | undefined;
  /** For the history rows, such as the pull request; asked with the tip, and only where something is written. */
  metadata?: object | ((tip: string | null) => Promise<object>);
}

/**
 * Brings the database in line with the file at the tip of the default branch.
 *
 * Level-triggered: it compares and applies what differs, whoever called and however often. Each feature is its
 * own transaction, decided again under its lock; one that fails is reported and the others go on.
 */
export async function reconcile(deps: PlanDependencies, input: ReconcileInput): Promise<ReconcileResult> {
  const mayPass = (error: unknown) => error instanceof Overtaken;
  return retry(() => reconcileOnce(deps, input), { attempts: ATTEMPTS, mayPass });
}

/** Runs that overtake each other more often than this are left to the next one. */
const ATTEMPTS = 3;

/** Another run began with another commit while this one was under way. It reads the tip again. */
class Overtaken extends RolloutError {
  constructor() {
    super('revision_refused', 'another run began to apply another commit meanwhile', {
      hint: 'run: rollout reconcile',
    });
  }
}

async function reconcileOnce(deps: PlanDependencies, input: ReconcileInput): Promise<ReconcileResult> {
  const tip = await deps.repository.readTip();
  refuseOtherRevision(tip.revision, input.revision);
  const loaded = loadFile(tip);
  if (!loaded.ok) return refused(loaded.problems, tip);
  const { file } = loaded;

  const answered = input.adopted ?? null;
  const { snapshot, governor } = await deps.store.reading(async (read) => {
    await refusePlainFile(read, tip, answered);
    return {
      snapshot: await readSnapshot(read, file.config.features.values()),
      governor: await read.governingRevision(),
    };
  });
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  if (!input.allowRewind) await refuseRewind(deps.repository, tip.revision, governor);
  const asked = desiredOf(file, snapshot, answered !== null);
  // A file without a commit never takes the place of the commit that was applied last.
  const claimed = tip.revision ?? snapshot.state.revision;
  refuseEmptyFile(deps.words, refuseFile(asked, snapshot.features));
  const incidents = await withSettlements(snapshot, asked, deps.repository);

  const changes = plan(asked, snapshot.features, incidents, snapshot.state.now);
  const tests = testsChange(file, snapshot.state.test_repositories);
  await keepAudiences(deps, changes);
  const { counted, refused: against } = await deps.store.reading(async (read) => {
    const counted = await countSubjects(read, changes, tests);
    const { policy, now } = snapshot.state;
    const { refusals, features } = snapshot;
    const judging = { policy, refusals, features, incidents, now };
    const sums = await countForPolicy(read, asked, counted, judging, tests);
    return { counted, refused: refusedBy(asked, counted, judging, sums) };
  });
  const desired = { ...asked, refused: against };
  const planned = withRefused(counted, against, () =>
    plan(desired, snapshot.features, incidents, snapshot.state.now),
  );
  await begin(deps, snapshot, claimed);
  // Before anything is applied: with the new policy in force, only this says by which one an entry was judged.
  const refusals = refusalsAfter(asked, counted, against, snapshot.refusals);
  await deps.store.features.keepRefusals(input.actor, refusals);
  const movements = await takeTestRepositories(deps, file, input, claimed);
  const { actor } = input;
  const by = {
    actor,
    asked: input.asked,
    adopted: answered,
    metadata: await metadataAt(tip, planned, input),
    steps: await ownSteps(deps, planned, movements),
  };
  const done = await applyAll(
    deps,
    desired,
    planned,
    {
      settlements: new Map(incidents.map(({ id, settlement }) => [id, settlement])),
      names: snapshot.names,
      now: snapshot.state.now,
      claimed,
    },
    by,
  );
  const { adopted, refusals: denied } = await adoptBaselines(deps.store, desired, snapshot.features, by);
  await deps.store.features.finishReconcile({
    environment: file.config.environment,
    revision: claimed,
    freezes: file.config.freeze,
    policy: file.config.policy,
  });
  await deps.store.registry.resolveNames(input.actor);
  return {
    changes: [...done, ...denied].sort((a, b) => (a.feature < b.feature ? -1 : 1)),
    problems: await deps.store.reading((read) => withRegistry(read, file.problems)),
    revision: tip.revision,
    test_repositories: testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    global_stop: snapshot.state.global_stop?.reason ?? null,
    adopted,
    movements: movements.filter(({ feature }) => !done.some((one) => one.feature === feature && one.impact)),
  };
}

/** Counted once for the plan, the row of history and everybody who looks later; what cannot be kept is counted again. */
async function keepAudiences({ store }: PlanDependencies, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0 || changes.length > MOST_COUNTED) return;
  const audiences = changes.map((change) => audienceChange(change, null).after);
  await store.features.keepCounts(audiences).catch(() => undefined);
}

/** Throws `Overtaken` where what was read is no longer what is there: also what an older run wrote at the last moment. */
async function begin(
  { store }: PlanDependencies,
  { state }: Snapshot,
  claimed: string | null,
): Promise<void> {
  if (claimed === null || state.revision === claimed) return;
  const generation = await store.features.beginReconcile(state.revision, claimed);
  if (generation !== state.generation) throw new Overtaken();
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

/** Who reconciles, and what every history row of it is told beside. */
interface By extends Pick<ReconcileInput, 'actor' | 'asked'> {
  adopted: AdoptedFile | null;
  metadata: object;
  steps: ReadonlyMap<string, Impact>;
}

/**
 * Of features that the test repositories have moved already, who moves by the change that follows: history has a row
 * for each of the two, and its numbers add up.
 */
async function ownSteps(
  { store }: PlanDependencies,
  planned: readonly PlannedChange[],
  movements: readonly Movement[],
): Promise<Map<string, Impact>> {
  const moved = new Set(movements.map(({ feature }) => feature));
  const again = planned.filter(({ feature, impact }) => impact && moved.has(feature));
  const counted = again.length === 0 ? [] : await store.reading((read) => countSubjects(read, again, null));
  return new Map(counted.flatMap(({ feature, impact }) => (impact ? [[feature, impact]] : [])));
}

async function metadataAt(
  { revision }: FileText,
  planned: readonly PlannedChange[],
  { metadata = {}, adopted }: ReconcileInput,
): Promise<object> {
  const file = adopted ? { adopted_file: adopted.digest } : {};
  if (typeof metadata !== 'function') return { ...metadata, ...file };
  return { ...(planned.some(({ write }) => write !== null) ? await metadata(revision) : {}), ...file };
}

async function applyAll(
  deps: PlanDependencies,
  desired: Desired,
  planned: readonly PlannedChange[],
  known: Known,
  input: By,
): Promise<PlannedChange[]> {
  const done: PlannedChange[] = [];
  // New features last: an incident that this run opens holds their salt already, as the plan said.
  const isNew = ({ before }: PlannedChange) => Number(before === null);
  for (const change of planned.toSorted((a, b) => isNew(a) - isNew(b))) {
    const by: Applier = {
      actor: input.actor,
      revision: desired.revision,
      reason: reasonFor(change, input),
      metadata: metadataOf(change, input),
      moved: input.steps.get(change.feature) ?? change.impact,
      words: deps.words,
    };
    const applied = change.write
      ? await applyOne(deps, change, by, (fresh) => decideAgain(desired, change.feature, fresh, known))
      : change;
    if (!applied) continue;
    // What was counted is what was planned; of a change that the database refused, nobody moves.
    const moved = applied.action === 'refused' ? { impact: null, largest: [] } : {};
    done.push({ ...change, ...applied, ...moved });
  }
  return done;
}

/** What a person said of this feature, or of the whole file. */
function reasonFor({ feature }: Change, { adopted, asked }: By): string | undefined {
  return adopted?.reason ?? (asked?.features.includes(feature) ? asked.reason : undefined);
}

/** What a decision under the lock takes over from the snapshot. */
interface Known {
  /** By incident. */
  settlements: ReadonlyMap<string, Settlement>;
  names: Snapshot['names'];
  now: Date;
  /** The commit that this run applies; a file that a person adopts leaves the one applied last. */
  claimed: string | null;
}

/** The same decision with what is true under the lock. */
function decideAgain(desired: Desired, feature: string, fresh: Fresh, known: Known): Change | null {
  if (fresh.revision !== known.claimed) throw new Overtaken();
  const incidents = fresh.incidents.map((incident) => ({
    ...incident,
    settlement: known.settlements.get(incident.id) ?? incident.settlement,
  }));
  const read = desired.features.get(feature);
  // An import may have found the owner of a name since the snapshot; that stays found.
  const wanted = read && {
    ...read,
    ...resolveLists(read.spec, fresh.actual?.resolved ?? {}, known.names),
  };
  const broken = desired.broken.get(feature);
  const one: Desired = {
    ...desired,
    features: new Map(wanted ? [[feature, wanted]] : []),
    broken: new Map(broken === undefined ? [] : [[feature, broken]]),
  };
  const actual = new Map(fresh.actual ? [[feature, fresh.actual]] : []);
  return plan(one, actual, incidents, known.now)[0] ?? null;
}

/** One bad feature never blocks another; a database that is gone blocks them all. */
async function applyOne(
  deps: PlanDependencies,
  change: Change,
  by: Applier,
  decide: (fresh: Fresh) => Change | null,
): Promise<Change | null> {
  try {
    return await deps.store.features.applyChange(change.feature, by, decide);
  } catch (error) {
    if (error instanceof RolloutError) throw error;
    const reason = refusedBecause(error);
    return { ...change, action: 'refused', to: change.from, after: change.before, reason, write: null };
  }
}

function metadataOf({ feature, impact: whole }: PlannedChange, { metadata, steps }: By): object {
  const impact = steps.get(feature) ?? whole;
  return { ...metadata, ...(impact ? { entering: impact.entering, leaving: impact.leaving } : {}) };
}

function refused(problems: ReconcileResult['problems'], tip: FileText): ReconcileResult {
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
