import { atMost } from '../spec/at-most.ts';
import { differences, same } from '../spec/difference.ts';
import { type Incident, permitInForce, type Settlement, type TakenAway } from '../spec/incident.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import { type ActualFeature, expectedExposure, settingsDrifted } from './actual.ts';
import type { Change } from './change.ts';
import type { DesiredFeature } from './desired.ts';
import { type Drift, judgeDrift } from './drift.ts';
import { change, describeExposure, type FeaturePair, freezeWarnings } from './feature-pair.ts';
import { applied, pick, underHold } from './writes.ts';

// The ways a feature's plan can end where an incident is or begins, each with its sentence and what reconcile writes.

export function adopt(
  pair: FeaturePair,
  desired: DesiredFeature | null,
  actual: ActualFeature,
  drift: Drift,
): Change {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  const narrowed = drift.adopted
    .map((field) => `${field} to ${JSON.stringify(drift.rest[field])}`)
    .join(', ');
  const reason = `made narrower by hand in the database (${narrowed})`;
  const back = [...drift.repaired, ...(actual.edited ? ['spec'] : []), ...actual.unsealed];
  const repaired = back.length > 0 ? `; puts back ${back.join(', ')} changed by hand` : '';
  return change(pair, 'adopt_drift', {
    reason: `${reason}: adopted and held${repaired}`,
    held: true,
    differences: differences(pick(expected, drift.adopted), pick(drift.rest, drift.adopted)),
    write: {
      ...underHold(desired, actual, drift.rest, 'drift_adopted'),
      newEpoch: true,
      incident: {
        do: 'open',
        kind: drift.adopted.includes('emergency_stop') ? 'emergency_stop' : 'drift',
        held: drift.rest,
        before: beforeDrift(actual, drift),
        reason,
      },
    },
  });
}

export function settle(pair: FeaturePair, desired: DesiredFeature, hold: Incident): Change {
  return change(pair, 'settle', {
    reason: `the file agrees with incident ${hold.id} (${hold.reason}): settled`,
    incident: hold.id,
    write: { ...applied(pair.actual, desired, 'updated'), incident: { do: 'settle', incident: hold.id } },
  });
}

export function resume(pair: FeaturePair, desired: DesiredFeature, incident: Incident): Change {
  const day = incident.opened_at.toISOString().slice(0, 10);
  return change(pair, 'update', {
    reason: `raises a feature rolled back on ${day} because ${incident.reason}: ${describeExposure(desired.spec)}`,
    incident: incident.id,
    warnings: freezeWarnings(pair, incident.held, desired.exposure),
    write: {
      ...applied(pair.actual, desired, 'resumed'),
      newEpoch: true,
      newStep: true,
      incident: { do: 'resume', incident: incident.id },
    },
  });
}

const HOW_LOST: Readonly<Record<Settlement, string>> = {
  contained: 'the file goes over it',
  missing: 'this revision does not contain the commit that settled it',
  reverted: 'a commit raises it by reverting another, and a revert is not a resume',
  uncommitted: 'the file goes over it, and no commit shows that a person raised it since',
};

export function reopen(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  incident: Incident,
): Change {
  // The file that settled it may have said less, and somebody may have taken away more by hand since.
  const applied = expectedExposure(actual, null);
  const bound = applied && atMost(applied, incident.held) ? applied : incident.held;
  const live = judgeDrift(actual.columns, bound).rest;
  return change(pair, 'held', {
    reason: `incident ${incident.id} is open again: ${HOW_LOST[incident.settlement]}; ${waysOut(pair.feature)}`,
    held: true,
    incident: incident.id,
    write: {
      ...underHold(desired, actual, live, 'updated'),
      incident: { do: 'reopen', incident: incident.id, held: live },
    },
  });
}

export function keep(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  hold: Incident,
  drift: Drift,
): Change {
  const repaired = drift.repaired.length > 0;
  const write = underHold(
    desired,
    actual,
    hold.held,
    repaired || settingsDrifted(actual).length > 0 ? 'drift_repaired' : 'updated',
  );
  const others = settingsDrifted(actual);
  const writes = repaired || others.length > 0 || !same(write.spec, actual.spec);
  const notes = [
    `held by incident ${hold.id} since ${hold.opened_at.toISOString()}: ${hold.reason}`,
    repaired || others.length > 0
      ? `puts back ${[...drift.repaired, ...others].join(', ')} changed by hand`
      : '',
    write.spec?.subject === desired.spec.subject
      ? ''
      : `subject: ${desired.spec.subject} has to wait for its end`,
    permitNote(hold, desired, pair.now),
    waysOut(pair.feature),
  ];
  return change(pair, 'held', {
    reason: notes.filter(Boolean).join('; '),
    held: true,
    write: writes ? write : null,
  });
}

export function keepOff(pair: FeaturePair, hold: TakenAway): Change {
  const by = hold.id === null ? 'an incident takes back' : `incident ${hold.id} took back`;
  return change(pair, 'held', {
    reason: `not created: it has the salt of ${hold.feature}, which ${by} (${hold.reason}); to go on, create it with active: false and raise it later`,
    held: true,
    incident: hold.id,
    write: null,
  });
}

/** Which half of a permit is missing; empty where nobody began to resume. */
function permitNote(hold: Incident, { resumes, exposure }: DesiredFeature, now: Date): string {
  const permit = permitInForce(hold, now);
  if (resumes === hold.id && permit === null)
    return `resumes: ${resumes} has no permit in force in the database`;
  if (resumes === hold.id && permit && !atMost(exposure, permit.ceiling)) {
    return `the file asks for more than the permit of incident ${hold.id} allows`;
  }
  if (resumes === hold.id) return '';
  if (resumes !== null) return `resumes: ${resumes} names another incident and has no effect`;
  return permit === null ? '' : `a permit waits for resumes: ${hold.id} in the file`;
}

function waysOut(feature: string): string {
  return `to end it, merge the write-back or run: rollout resume ${feature} --reason ...`;
}

/** What the operator had before somebody reached into the database. */
function beforeDrift(actual: ActualFeature, drift: Drift): ResolvedExposure {
  const baseline = expectedExposure(actual, null) ?? actual.columns;
  return { ...drift.rest, ...pick(baseline, drift.adopted) };
}
