import type { Change } from '../../domain/plan/change.ts';
import { plan } from '../../domain/plan/decide/plan.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import type { Impact, Movement, PlannedChange } from '../../domain/plan/impact.ts';
import type { Settlement } from '../../domain/spec/incident.ts';
import { resolveLists } from '../../domain/spec/resolve.ts';
import { RolloutError } from '../../errors.ts';
import type { Applier } from '../../store/configuration/applier.ts';
import type { Fresh } from '../../store/configuration/changes.ts';
import { refusedBecause } from './baseline.ts';
import { countSubjects } from './count-subjects.ts';
import type { FileText, Snapshot } from './file/desired.ts';
import type { AdoptedFile } from './file/plain-file-guard.ts';
import type { PlanDependencies } from './plan.ts';
import type { ReconcileInput } from './reconcile-input.ts';

/** Another run began with another commit while this one was under way. It reads the tip again. */
export class Overtaken extends RolloutError {
  constructor() {
    super('revision_refused', 'another run began to apply another commit meanwhile', {
      hint: 'run: rollout reconcile',
    });
  }
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
export async function ownSteps(
  { store }: PlanDependencies,
  planned: readonly PlannedChange[],
  movements: readonly Movement[],
): Promise<Map<string, Impact>> {
  const moved = new Set(movements.map(({ feature }) => feature));
  const again = planned.filter(({ feature, impact }) => impact && moved.has(feature));
  const counted = again.length === 0 ? [] : await store.reading((read) => countSubjects(read, again, null));
  return new Map(counted.flatMap(({ feature, impact }) => (impact ? [[feature, impact]] : [])));
}

export async function metadataAt(
  { revision }: FileText,
  planned: readonly PlannedChange[],
  { metadata = {}, adopted }: ReconcileInput,
): Promise<object> {
  const file = adopted ? { adopted_file: adopted.digest } : {};
  if (typeof metadata !== 'function') return { ...metadata, ...file };
  return { ...(planned.some(({ write }) => write !== null) ? await metadata(revision) : {}), ...file };
}

export async function applyAll(
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

/** Decides again with the state under the lock. */
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
