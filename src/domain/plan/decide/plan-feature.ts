import { compareText } from '../../../lib/text.ts';
import type { Refused } from '../../policy/refusal.ts';
import { admitsNobody, atMost, isOff } from '../../spec/at-most.ts';
import { same } from '../../spec/difference.ts';
import { type Incident, permitInForce } from '../../spec/incident.ts';
import { type ActualFeature, expectedExposure, settingsDrifted } from '../actual.ts';
import type { Change } from '../change.ts';
import type { Desired, DesiredFeature, FileErrors } from '../desired.ts';
import { type Drift, judgeDrift } from '../drift.ts';
import type { FeaturePair } from '../feature-pair.ts';
import type { TakenAway } from '../taken-away.ts';
import { exceeds, rowAgrees } from './agreement.ts';
import * as outcomes from './outcomes.ts';
import * as holds from './outcomes-held.ts';
import { subjectOf } from './writes.ts';

export function planOne(pair: FeaturePair, desired: Desired, takenAway: readonly TakenAway[]): Change | null {
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
  // A rolled-back feature under a new key: same salt, same cohort. Settled incidents count too, because the commit
  // that renames the feature removes the old key from the file, which alone settles its incident.
  const hold = takenAway
    .filter((incident) => incident.held.salt === desired.exposure.salt)
    .sort((a, b) => compareText(a.feature, b.feature))[0];
  return hold && !isOff(desired.exposure) ? holds.keepOff(pair, hold) : outcomes.create(pair, desired);
}

/** A feature that is gone from the file: archived if it is off; a mistake if it still admits somebody. */
function planAbsent(pair: FeaturePair, actual: ActualFeature): Change | null {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  if (isOff(expected) && !actual.archived) {
    // Archiving it would settle the incident that holds it.
    return pair.hold && !pair.liftsHolds ? planBaseline(pair, actual) : outcomes.archive(pair, actual);
  }
  return planBaseline(pair, actual) ?? (actual.archived ? null : outcomes.stillExposed(pair, actual));
}

/** The file cannot be used, but the last applied state still binds: drift is repaired before the file is. */
function planBroken(pair: FeaturePair, problem: FileErrors): Change {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? outcomes.broken(pair, problem);
}

/** As with a broken entry, the file is ignored, and manual changes are repaired. */
function planRefused(pair: FeaturePair, refused: Refused): Change {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? outcomes.againstPolicy(pair, refused);
}

/** What needs no file: hold what was reduced, put back the rest. */
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

/** Subjects of another type are all new, whatever the percentage: no hold or permit applies to them. */
function isOfSameKind(
  { spec, exposure }: DesiredFeature,
  actual: ActualFeature,
  { held }: Incident,
): boolean {
  return spec.subject === subjectOf(actual) || admitsNobody(exposure) || admitsNobody(held);
}

/**
 * Does the file's agreement settle the incident? Only `emergency_stop: true` settles a stop: a feature that was already
 * off agrees without any decision, and the merge an hour later would switch it on.
 */
function answers(desired: DesiredFeature, hold: Incident): boolean {
  return hold.kind !== 'emergency_stop' || desired.spec.emergency_stop;
}

/**
 * May the feature be raised as far as the file asks? Both are needed: the permit that a person left in the database,
 * and `resumes:` in the file, which shows that their change was merged. The file alone may have asked for more all
 * along.
 */
function permits(incident: Incident, desired: DesiredFeature, { liftsHolds, now }: FeaturePair): boolean {
  const permit = liftsHolds ? permitInForce(incident, now) : null;
  return permit !== null && desired.resumes === incident.id && atMost(desired.exposure, permit.ceiling);
}

/** A manual stop that is not in the file: only `emergency_stop` in the file agrees with it. */
function stoppedByHand(drift: Drift, desired: DesiredFeature): boolean {
  return drift.adopted.includes('emergency_stop') && !desired.spec.emergency_stop;
}

function planLive(pair: FeaturePair, desired: DesiredFeature, actual: ActualFeature): Change | null {
  const { settled } = pair;
  const raisesSettled = settled !== null && exceeds(desired, settled);
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
