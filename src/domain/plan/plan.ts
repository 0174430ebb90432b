import type { Refused } from '../policy/refusal.ts';
import { admitsNobody, atMost, isOff, isWithin, looksLikeName } from '../spec/at-most.ts';
import { same, without } from '../spec/difference.ts';
import { type Incident, permitInForce, tookAway } from '../spec/incident.ts';
import { foldName, sortedSet } from '../spec/resolve.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../spec/vocabulary.ts';
import { type ActualFeature, expectedExposure, settingsDrifted, settingsOf, withBaseline } from './actual.ts';
import type { Change } from './change.ts';
import type { Desired, DesiredFeature, FileErrors } from './desired.ts';
import { type Drift, judgeDrift } from './drift.ts';
import type { FeaturePair } from './feature-pair.ts';
import * as outcomes from './outcomes.ts';
import * as holds from './outcomes-held.ts';
import type { EmptyFile } from './reason.ts';
import type { TakenAway } from './taken-away.ts';
import { subjectOf } from './writes.ts';

/**
 * What reconcile would do: desired against actual, feature by feature, in the order of their keys.
 *
 * One rule stands over all of it: exposure rises only by a commit, and never while an incident is open.
 * `incidents` are those that are open or settled, of a feature the older ones first.
 * Features on which file and database agree give no change.
 */
export function plan(
  desired: Desired,
  actual: ReadonlyMap<string, ActualFeature>,
  incidents: readonly Incident[],
  now: Date,
): Change[] {
  const keys = new Set([...desired.features.keys(), ...desired.broken.keys(), ...actual.keys()]);
  const open = new Map(incidents.filter((i) => i.state === 'open').map((i) => [i.feature, i]));
  const settled = incidents.filter((i) => i.state === 'settled');
  const takenAway: TakenAway[] = [...open.values(), ...settled];
  const changes: Change[] = [];
  // New features last, as reconcile applies them: an incident that this plan opens holds its salt already.
  const inOrder = [...keys].sort(byKey);
  const known = inOrder.filter((feature) => actual.has(feature));
  const created = inOrder.filter((feature) => !actual.has(feature));
  for (const feature of [...known, ...created]) {
    const wanted = desired.features.get(feature) ?? null;
    const row = actual.get(feature);
    const pair: FeaturePair = {
      feature,
      desired: wanted,
      actual: row ? withBaseline(row, wanted?.spec) : null,
      hold: open.get(feature) ?? null,
      settled: binding(
        settled.filter((incident) => incident.feature === feature),
        desired.features.get(feature),
        row,
      ),
      revision: desired.revision,
      freeze: desired.freeze,
      liftsHolds: !desired.adopted,
      now,
    };
    const change = planOne(pair, desired, takenAway);
    if (!change) continue;
    changes.push(change);
    const effect = change.write?.incident;
    if (effect?.do === 'open') {
      const { held, reduced } = effect;
      takenAway.push({ feature, held, id: null, reduced });
    }
  }
  return changes.sort((a, b) => byKey(a.feature, b.feature));
}

function byKey(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Picks the settled incident that limits this feature: first one that the file exceeds without anyone's consent, then
 * one that a person raises above, the latest of each. Of those that open again, one that took something away comes
 * first, so that it can be resumed.
 */
function binding(
  settled: readonly Incident[],
  desired: DesiredFeature | undefined,
  actual: ActualFeature | undefined,
): Incident | null {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter(({ held }) => desired && exceeds(desired, actual, held));
  const lost = raised.filter(({ settlement }) => settlement !== 'contained');
  return lost.find(tookAway) ?? lost[0] ?? raised[0] ?? newestFirst[0] ?? null;
}

/**
 * Does the file go over what an incident held? The kind of subjects is that of the row: a hold keeps it, and nothing
 * changes it while an incident is settled but a change that this is asked of.
 */
export function exceeds(
  { spec, exposure }: Pick<DesiredFeature, 'spec' | 'exposure'>,
  actual: ActualFeature | undefined,
  held: ResolvedExposure,
): boolean {
  const subject = actual ? subjectOf(actual) : spec.subject;
  return !isWithin({ subject: spec.subject, exposure }, { subject, exposure: held });
}

/**
 * Rows that already say what the file says but were never reconciled, as after moving over.
 * Reconcile makes the file their baseline; nothing that anybody sees changes, so `plan` does not list them.
 */
export function withoutBaseline(desired: Desired, actual: ReadonlyMap<string, ActualFeature>): string[] {
  return [...desired.features].flatMap(([feature, wanted]) => {
    const row = actual.get(feature);
    return row && !row.spec && !row.edited && !row.archived && rowAgrees(wanted, row) ? [feature] : [];
  });
}

/** Why this file may not be applied at all, or null. */
export function refuseFile(desired: Desired, actual: ReadonlyMap<string, ActualFeature>): EmptyFile | null {
  if (desired.features.size > 0 || desired.broken.size > 0) return null;
  const live = [...actual.values()].filter((row) => !row.archived && !isOff(row.columns));
  return live.length === 0 ? null : { live: live.map(({ feature }) => feature) };
}

function planOne(pair: FeaturePair, desired: Desired, takenAway: readonly TakenAway[]): Change | null {
  const problem = desired.broken.get(pair.feature);
  if (problem !== undefined) return planBroken(pair, problem);
  const refused = desired.refused?.get(pair.feature);
  return refused ? planRefused(pair, refused) : planFeature(pair, takenAway);
}

function planFeature(pair: FeaturePair, takenAway: readonly TakenAway[]): Change | null {
  const { desired, actual } = pair;
  if (!actual) return desired ? planNew(pair, desired, takenAway) : null;
  if (!desired) return planAbsent(pair, actual);
  return pair.hold ? planHeld(pair, desired, actual, pair.hold) : planLive(pair, desired, actual);
}

function planNew(pair: FeaturePair, desired: DesiredFeature, takenAway: readonly TakenAway[]): Change {
  // A feature that was rolled back, under a new name: same salt, same cohort. Settled ones count too, because
  // the commit that renames the feature takes the old key out of the file, and that alone settles its incident.
  const hold = takenAway
    .filter((incident) => incident.held.salt === desired.exposure.salt)
    .sort((a, b) => byKey(a.feature, b.feature))[0];
  return hold && !isOff(desired.exposure) ? holds.keepOff(pair, hold) : outcomes.create(pair, desired);
}

/** Gone from the file. One that is off is archived; one that still admits somebody is a mistake. */
function planAbsent(pair: FeaturePair, actual: ActualFeature): Change | null {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  if (isOff(expected) && !actual.archived) {
    // To archive it would settle the incident that holds it.
    return pair.hold && !pair.liftsHolds ? planBaseline(pair, actual) : outcomes.archive(pair, actual);
  }
  return planBaseline(pair, actual) ?? (actual.archived ? null : outcomes.stillExposed(pair, actual));
}

/** The file is of no help here, but what was applied last still binds: drift does not wait for the mending. */
function planBroken(pair: FeaturePair, problem: FileErrors): Change {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? outcomes.broken(pair, problem);
}

/** As with a broken entry: the file has no say, and what was changed by hand is mended all the same. */
function planRefused(pair: FeaturePair, refused: Refused): Change {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? outcomes.againstPolicy(pair, refused);
}

/** What can be done without a word from the file: hold what was reduced, put back the rest. */
function planBaseline(pair: FeaturePair, actual: ActualFeature): Change | null {
  const expected = expectedExposure(actual, pair.hold);
  if (!expected) return null;
  const drift = judgeDrift(actual.columns, expected);
  if (drift.adopted.length > 0) return holds.adopt(pair, null, actual, drift);
  const changed = drift.repaired.length > 0 || (actual.spec !== null && settingsDrifted(actual).length > 0);
  return changed ? outcomes.repair(pair, actual, expected, drift.repaired) : null;
}

function planHeld(pair: FeaturePair, desired: DesiredFeature, actual: ActualFeature, hold: Incident): Change {
  const drift = judgeDrift(actual.columns, hold.held);
  const sameKind = isOfSameKind(desired, actual, hold);
  if (
    pair.liftsHolds &&
    sameKind &&
    atMost(desired.exposure, drift.rest) &&
    answers(desired, hold) &&
    !stoppedByHand(drift, desired)
  ) {
    return holds.settle(pair, desired, hold);
  }
  if (drift.adopted.length > 0) return holds.adopt(pair, desired, actual, drift);
  if (sameKind && permits(hold, desired, pair)) return holds.resume(pair, desired, hold);
  return holds.keep(pair, desired, actual, hold, drift);
}

/** Subjects of another kind are others, all of them new whatever the percentage: no hold and no permit is about them. */
function isOfSameKind(
  { spec, exposure }: DesiredFeature,
  actual: ActualFeature,
  { held }: Incident,
): boolean {
  return spec.subject === subjectOf(actual) || admitsNobody(exposure) || admitsNobody(held);
}

/**
 * Does the file's agreement answer the incident? A stop is answered only by `emergency_stop: true`: a feature
 * that was off already agrees without anybody having spoken, and the merge an hour later would switch it on.
 */
function answers(desired: DesiredFeature, hold: Incident): boolean {
  return hold.kind !== 'emergency_stop' || desired.spec.emergency_stop;
}

/**
 * May the feature be raised as far as the file asks? It takes both: the permit that a person left in the database, and
 * `resumes:` in the file, which says that their change was merged. The file alone may have asked for more all along.
 */
function permits(incident: Incident, desired: DesiredFeature, { liftsHolds, now }: FeaturePair): boolean {
  const permit = liftsHolds ? permitInForce(incident, now) : null;
  return permit !== null && desired.resumes === incident.id && atMost(desired.exposure, permit.ceiling);
}

/** A stop by hand that the file does not say: only the same word in the file agrees with it. */
function stoppedByHand(drift: Drift, desired: DesiredFeature): boolean {
  return drift.adopted.includes('emergency_stop') && !desired.spec.emergency_stop;
}

function planLive(pair: FeaturePair, desired: DesiredFeature, actual: ActualFeature): Change | null {
  const { settled } = pair;
  const raisesSettled = settled !== null && exceeds(desired, actual, settled.held);
  if (raisesSettled && settled.settlement !== 'contained') {
    const isAllowed = isOfSameKind(desired, actual, settled) && permits(settled, desired, pair);
    if (!isAllowed) return holds.reopen(pair, desired, actual, settled);
  }
  const expected = expectedExposure(actual, null);
  if (!expected || !actual.spec) {
    if (raisesSettled) return holds.resume(pair, desired, settled);
    return rowAgrees(desired, actual) && !actual.archived && !actual.edited
      ? null
      : outcomes.update(pair, desired, actual, null);
  }
  const drift = judgeDrift(actual.columns, expected);
  const agrees = atMost(desired.exposure, drift.rest) && !stoppedByHand(drift, desired);
  if (drift.adopted.length > 0 && !agrees) return holds.adopt(pair, desired, actual, drift);
  if (raisesSettled) return holds.resume(pair, desired, settled);
  if (actual.archived || !same(desired.spec, actual.spec)) {
    return outcomes.update(pair, desired, actual, drift);
  }
  if (drift.repaired.length > 0) return outcomes.repair(pair, actual, expected, drift.repaired);
  return settingsDrifted(actual).length > 0 ? outcomes.repair(pair, actual, expected, []) : null;
}

function rowAgrees(desired: DesiredFeature, actual: ActualFeature): boolean {
  const said = asTheFileSays(actual.columns, desired.spec.subject);
  return same(desired.exposure, said) && same(settingsOf(desired.spec), actual.settings);
}

/** Columns that somebody else wrote, in the form a file can say: order, case, and who is in both lists. */
function asTheFileSays(columns: ResolvedExposure, subject: SubjectType): ResolvedExposure {
  const isName = (entry: string) => subject === 'repository' && looksLikeName(entry);
  const blacklist = columns.blacklist.map((entry) => (isName(entry) ? foldName(entry) : entry));
  return {
    ...columns,
    categories: columns.categories && CATEGORIES.filter((category) => columns.categories?.includes(category)),
    whitelist: without(columns.whitelist, columns.blacklist),
    blacklist: sortedSet(blacklist),
  };
}
