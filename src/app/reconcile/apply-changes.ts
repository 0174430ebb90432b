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

/** Another run began with another commit while this one was running. The tip must be read again. */
export class Overtaken extends RolloutError {
  constructor() {
    super('revision_refused', 'another run began to apply another commit meanwhile', {
      hint: 'run: rollout reconcile',
    });
  }
}

/** The actor of a reconcile, and the metadata of its history rows. */
interface By extends Pick<ReconcileInput, 'actor' | 'asked'> {
  adopted: AdoptedFile | null;
  metadata: object;
  steps: ReadonlyMap<string, Impact>;
}

/**
 * Returns, for features that the test repositories have already moved, the moves of their own following change: history
 * has a row for each of the two, and its numbers add up.
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
  // New features last: an incident that this run opens already holds their salt, as in the plan.
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
    // The plan's counts are recorded; a change that the database refused moves nobody.
    const moved = applied.action === 'refused' ? { impact: null, largest: [] } : {};
    done.push({ ...change, ...applied, ...moved });
  }
  return done;
}

/** A person's reason for this feature, or for the whole file. */
function reasonFor({ feature }: Change, { adopted, asked }: By): string | undefined {
  return adopted?.reason ?? (asked?.features.includes(feature) ? asked.reason : undefined);
}

/** Facts from the snapshot that a decision under the lock uses. */
interface Known {
  /** Settlement of each incident. */
  settlements: ReadonlyMap<string, Settlement>;
  names: Snapshot['names'];
  now: Date;
  /** The commit that this run applies; an adopted file keeps the last applied commit. */
  claimed: string | null;
}

/** Decides again, with the state under the lock. */
function decideAgain(desired: Desired, feature: string, fresh: Fresh, known: Known): Change | null {
  if (fresh.revision !== known.claimed) throw new Overtaken();
  const incidents = fresh.incidents.map((incident) => ({
    ...incident,
    settlement: known.settlements.get(incident.id) ?? incident.settlement,
  }));
  const read = desired.features.get(feature);
  // An import may have resolved a name since the snapshot; that resolution is kept.
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

/** Applies one feature. One bad feature never blocks another; an unreachable database blocks all. */
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
