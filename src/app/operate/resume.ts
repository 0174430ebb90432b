import type { Obstacle, Permitted, ResumeOutcome } from '../../domain/change/outcome.ts';
import type { Resumed } from '../../domain/change/requested.ts';
import { atMost } from '../../domain/spec/at-most.ts';
import { type Incident, tookAway } from '../../domain/spec/incident.ts';
import { RolloutError } from '../../errors.ts';
import { holdBranch } from '../incidents/write-back.ts';
import type { FileChangeResult } from '../ports/configuration-repository.ts';
import { refusePlainWrites } from '../reconcile/file/plain-file-guard.ts';
import {
  type ChangeDependencies,
  type ChangeOptions,
  type ChangeRequest,
  changeFile,
  notDone,
  refusalOf,
  viaOf,
} from './change-file.ts';
import { editedFeature, specIn, textToChange } from './file-text.ts';
import { ceilingOf, type Target, targetEdits, targetOf } from './resume-target.ts';

export interface ResumeInput extends ChangeOptions {
  reason: string;
  feature: string;
  /** Target percentage; at most the one before the incident. */
  percentage?: number | undefined;
}

/**
 * Allows a rolled-back feature to be raised again. Changes no exposure by itself: it writes a permit into the incident,
 * withdraws the controller's write-back and edits the file; the reconcile that finds the file at or below the permit
 * applies it.
 */
export async function resumeFeature(deps: ChangeDependencies, input: ResumeInput): Promise<ResumeOutcome> {
  const { text, incidents, baselines } = await whatIsThere(deps, input);
  const spec = specIn(text, input.feature);
  const target = targetOf(
    input.feature,
    spec,
    incidents.get(input.feature) ?? null,
    baselines.get(input.feature) ?? null,
    input.percentage,
    deps.repository.committed,
  );
  const outcome = await resumeTargets(deps, input, text, [target]);
  return { ...outcome, skipped: [], unlatched: false };
}

/** Resumes every feature that is held or stopped in the file; also lifts the global stop. */
export async function resumeAll(
  deps: ChangeDependencies,
  input: Omit<ResumeInput, 'feature' | 'percentage'>,
): Promise<ResumeOutcome> {
  const { text, incidents, baselines, latched } = await whatIsThere(deps, input);
  const targets: Target[] = [];
  const skipped: ResumeOutcome['skipped'] = [];
  for (const [feature, incident] of incidents) {
    let holds = incident.state === 'open';
    try {
      const spec = specIn(text, feature);
      holds ||= incident.kind === 'emergency_stop' && spec.emergency_stop;
      if (!holds) continue;
      if (!onlyStopped(incident)) throw alsoRolledBack(feature, incident);
      const baseline = baselines.get(feature) ?? null;
      targets.push(targetOf(feature, spec, incident, baseline, undefined, deps.repository.committed));
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      // A settled feature that is gone from the file, or unreadable there, does not stop the others.
      if (holds) skipped.push({ feature, refusal: refusalOf(error) });
    }
  }
  if (targets.length === 0 && !latched) {
    return { ...nothingToDo({ code: 'nothing_held' }), skipped, unlatched: false };
  }
  const outcome =
    targets.length > 0
      ? await resumeTargets(deps, { ...input, all: true }, text, targets)
      : await onlyLatch(input);
  if (outcome.file === null && outcome.obstacle !== null) return { ...outcome, skipped, unlatched: false };
  // Lifting the stop raises features that were added since, so that waits for the merge.
  if (latched && outcome.file && waitsForPerson(outcome.file)) {
    const until = outcome.obstacle;
    const obstacle: Obstacle | null = until && { code: 'stays_stopped', until };
    return { ...outcome, obstacle, skipped, unlatched: false };
  }
  // Features added since the stop are already in Git; the stopped ones still wait for the file.
  const unlatched = await deps.store.incidents.liftGlobalStop(deps.actor, input.reason);
  const reconciled = outcome.reconciled && { ...outcome.reconciled, global_stop: null };
  return { ...outcome, reconciled, skipped, unlatched };
}

function waitsForPerson({ state }: FileChangeResult): boolean {
  return state === 'proposed' || state === 'needs_person';
}

async function onlyLatch({ agree }: Pick<ResumeInput, 'agree'>): Promise<Resuming> {
  const agreed = await agree({ code: 'lift_stop' });
  return agreed ? nothingToDo(null) : nothingToDo({ code: 'declined' });
}

type Resuming = Omit<ResumeOutcome, 'skipped' | 'unlatched'>;

function nothingToDo(obstacle: Obstacle | null): Resuming {
  const requested = { code: 'resume', targets: [] } as const;
  return { ...notDone({ requested, via: 'commit', raises: true }, obstacle), features: [], permits: [] };
}

/** Reads the file, the incidents of its features, and the last applied specs. */
async function whatIsThere(deps: ChangeDependencies, { via }: Pick<ResumeInput, 'via'>) {
  await refusePlainWrites(deps);
  const text = await textToChange(deps.repository, via);
  return deps.store.reading(async (read) => {
    const incidents = toResume(await read.incidents.current());
    const rows = [...(await read.features.actual()).values()];
    const baselines = new Map(rows.map(({ feature, spec }) => [feature, spec]));
    const { global_stop } = await read.state();
    return { text, incidents, baselines, latched: global_stop !== null };
  });
}

/** Returns, for each feature, the incident that a person resumes: the open one, or the latest that reduced exposure. */
function toResume(incidents: readonly Incident[]): Map<string, Incident> {
  const chosen = new Map<string, Incident>();
  for (const incident of incidents) {
    if (incident.state === 'open' || tookAway(incident) || !chosen.has(incident.feature)) {
      chosen.set(incident.feature, incident);
    }
  }
  return chosen;
}

async function resumeTargets(
  deps: ChangeDependencies,
  input: Omit<ResumeInput, 'feature' | 'percentage'> & { all?: boolean },
  text: string,
  targets: readonly Target[],
): Promise<Resuming> {
  const [first] = targets;
  const names = targets.map(({ feature }) => feature);
  const edit = (now: string) =>
    targets.reduce(
      (state, target) => editedFeature(state, target.feature, (spec) => targetEdits(target, spec)).text,
      now,
    );
  edit(text);
  const ways = targets.map(({ feature, percentage }) => {
    return viaOf(feature, input.via, specIn(text, feature), true, percentage ?? 0);
  });
  const anyByProposal = ways.includes('pull_request');
  const single = targets.length === 1 && first;
  const requested = { code: 'resume', targets: targets.map(resumedOf) } as const;
  const request: ChangeRequest = {
    command: single ? `resume ${first.feature}` : 'resume --all',
    features: names,
    requested,
    // Not Rollout-Incident, because that identifies a write-back.
    trailers: targets.flatMap(({ hold }) => (hold ? [`Rollout-Resumes: ${hold.id}`] : [])),
    proposal: { operation: 'resume', name: single ? first.feature : 'all' },
    via: input.via ?? (anyByProposal ? ('pull_request' as const) : ('commit' as const)),
    reason: input.reason,
    raises: true,
    liftsStop: input.all === true,
    edit,
  };
  const features = targets.map(({ feature, percentage, hold }) => {
    return { feature, percentage, incident: hold?.id ?? null };
  });
  if (!(await input.agree(requested))) return { ...notDone(request), features, permits: [] };
  const permits = await grant(deps, input.reason, text, targets);
  for (const { feature } of permits) await withdrawWriteBack(deps, feature, input.reason);
  return { ...(await changeFile(deps, request)), features, permits };
}

async function grant(
  { store, actor }: ChangeDependencies,
  reason: string,
  text: string,
  targets: readonly Target[],
): Promise<Permitted[]> {
  const permits: Permitted[] = [];
  for (const target of targets) {
    const { feature, permitted: incident } = target;
    if (!incident) continue;
    const ceiling = ceilingOf(target, specIn(text, feature));
    const expires_at = await store.incidents.grantPermit({ incident: incident.id, ceiling, actor, reason });
    if (expires_at === null) throw changedMeanwhile(feature, incident);
    permits.push({ feature, incident: incident.id, expires_at });
  }
  return permits;
}

/** A proposal that stays open lowers nothing live, so a failure here does not fail the resume. */
async function withdrawWriteBack(
  { repository, store }: ChangeDependencies,
  feature: string,
  reason: string,
): Promise<void> {
  const { environment } = await store.reading((read) => read.state());
  await repository.withdraw(holdBranch(environment, feature), `resumed: ${reason}`).catch(() => undefined);
}

/** Did the incident take away no more than its stop? A harmful feature is not raised together with the others. */
function onlyStopped({ kind, held, before }: Incident): boolean {
  return kind === 'emergency_stop' && (!before || atMost(before, { ...held, emergency_stop: false }));
}

function alsoRolledBack(feature: string, { reason }: Incident): RolloutError {
  return new RolloutError('held', `it was rolled back for a reason of its own (${reason})`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."`,
  });
}

function resumedOf({ feature, active, percentage, hold, before }: Target): Resumed {
  return {
    ...{ feature, active, percentage },
    incident: hold && { id: hold.id, reason: hold.reason },
    before: before && { active: before.active, percentage: before.percentage },
  };
}

function changedMeanwhile(feature: string, hold: Incident): RolloutError {
  return new RolloutError('held', `incident ${hold.id} of ${feature} is no longer the one that holds it`, {
    hint: `look again: rollout incidents ${feature}`,
  });
}
