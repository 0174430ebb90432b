import { atMost } from '../../spec/at-most.ts';
import { differences, same } from '../../spec/difference.ts';
import { type Incident, permitInForce } from '../../spec/incident.ts';
import type { ResolvedExposure } from '../../spec/spec.ts';
import { type ActualFeature, expectedExposure, settingsDrifted } from '../actual.ts';
import type { Change } from '../change.ts';
import type { DesiredFeature } from '../desired.ts';
import { type Drift, judgeDrift } from '../drift.ts';
import { change, type FeaturePair } from '../feature-pair.ts';
import { exposureFacts, type PermitGap } from '../reason.ts';
import type { TakenAway } from '../taken-away.ts';
import { raiseWarnings } from './raise-warnings.ts';
import { applied, pick, underHold } from './writes.ts';

// Outcomes of a feature's plan with an open or a new incident, each with its reason and reconcile's writes.

export function adopt(
  pair: FeaturePair,
  desired: DesiredFeature | null,
  actual: ActualFeature,
  drift: Drift,
): Change {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  const reduced = drift.adopted.map((field) => ({ field, value: drift.rest[field] }));
  const repaired = [...drift.repaired, ...(actual.edited ? ['spec'] : []), ...actual.unsealed];
  return change(pair, 'adopt_drift', {
    reason: { code: 'drift_adopted', reduced, repaired },
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
        reduced,
      },
    },
  });
}

export function settle(pair: FeaturePair, desired: DesiredFeature, hold: Incident): Change {
  return change(pair, 'settle', {
    reason: { code: 'settled', incident: hold.id, reason: hold.reason },
    incident: hold.id,
    write: { ...applied(pair.actual, desired, 'updated'), incident: { do: 'settle', incident: hold.id } },
  });
}

export function resume(pair: FeaturePair, desired: DesiredFeature, incident: Incident): Change {
  const day = incident.opened_at.toISOString().slice(0, 10);
  return change(pair, 'update', {
    reason: {
      code: 'resumed',
      incident: incident.id,
      day,
      reason: incident.reason,
      exposure: exposureFacts(desired.spec),
    },
    incident: incident.id,
    warnings: raiseWarnings(pair, incident.held, desired),
    write: {
      ...applied(pair.actual, desired, 'resumed'),
      newEpoch: true,
      newStep: true,
      incident: { do: 'resume', incident: incident.id },
    },
  });
}

export function reopen(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  incident: Incident,
): Change {
  // The file that settled the incident may have asked for less, and exposure may have been reduced manually since.
  const applied = expectedExposure(actual, null);
  const bound = applied && atMost(applied, incident.held) ? applied : incident.held;
  const live = judgeDrift(actual.columns, bound).rest;
  return change(pair, 'held', {
    reason: {
      code: 'reopened',
      feature: pair.feature,
      incident: incident.id,
      settlement: incident.settlement,
    },
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
  return change(pair, 'held', {
    reason: {
      code: 'held',
      feature: pair.feature,
      incident: hold.id,
      since: hold.opened_at,
      reason: hold.reason,
      repaired: [...drift.repaired, ...others],
      subject: write.spec?.subject === desired.spec.subject ? null : desired.spec.subject,
      permit: permitGap(hold, desired, pair.now),
    },
    held: true,
    write: writes ? write : null,
  });
}

export function keepOff(pair: FeaturePair, hold: TakenAway): Change {
  const { feature: holder, id: incident } = hold;
  const reason = 'reason' in hold ? { reason: hold.reason } : { reduced: hold.reduced };
  return change(pair, 'held', {
    reason: { code: 'salt_held', holder, incident, reason },
    held: true,
    incident: hold.id,
    write: null,
  });
}

/** Which half of a permit is missing; null if nobody began to resume. */
function permitGap(hold: Incident, { resumes, exposure }: DesiredFeature, now: Date): PermitGap | null {
  const permit = permitInForce(hold, now);
  if (resumes === null) return permit === null ? null : { code: 'no_resumes', incident: hold.id };
  if (resumes !== hold.id) return { code: 'other_incident', resumes };
  if (permit === null) return { code: 'no_permit', resumes };
  return atMost(exposure, permit.ceiling) ? null : { code: 'above_permit', incident: hold.id };
}

/** The exposure before SQL changed it by hand. */
function beforeDrift(actual: ActualFeature, drift: Drift): ResolvedExposure {
  const baseline = expectedExposure(actual, null) ?? actual.columns;
  return { ...drift.rest, ...pick(baseline, drift.adopted) };
}
