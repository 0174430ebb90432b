import { type ActualFeature, expectedExposure, settingsDrifted } from './actual.ts';
import { type Change, type ChangeAction, standingOf } from './change.ts';
import type { DesiredFeature } from './desired.ts';
import { type Difference, describeDifferences, differences, same } from './difference.ts';
import { type Drift, judgeDrift } from './drift.ts';
import { freezeAt } from './freeze.ts';
import type { Incident } from './incident.ts';
import { narrower } from './narrower.ts';
import { applied, keepSpec, pick, underHold } from './plan-writes.ts';
import type { Exposure, Freeze, Spec } from './spec.ts';

/** Everything that is known about one feature when its change is planned. */
export interface FeaturePair {
  feature: string;
  desired: DesiredFeature | null;
  actual: ActualFeature | null;
  /** The open incident. */
  hold: Incident | null;
  /** The latest incident, where the file came to agree with it. */
  settled: Incident | null;
  revision: string | null;
  freeze: readonly Freeze[];
  now: Date;
}

/** The ways a feature's plan can end, each with its sentence and with what reconcile writes for it. */
export const outcomes = {
  create,
  update,
  archive,
  repair,
  adopt,
  settle,
  resume,
  reopen,
  held,
  heldBySalt,
  stillExposed,
  broken,
};

function create(pair: FeaturePair, desired: DesiredFeature): Change {
  return change(pair, 'create', {
    reason: `new in the file: ${describeExposure(desired.spec)}`,
    warnings: freezeWarnings(pair, null, desired.exposure),
    write: applied(pair.actual, desired, 'created'),
  });
}

function update(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  drift: Drift | null,
): Change {
  const found = specDifferences(actual, desired);
  const notes = [
    actual.archived ? 'back from the archive' : '',
    actual.spec ? '' : 'never reconciled before, so the file applies',
    found.length > 0 ? describeDifferences(found) : '',
    drift && drift.repaired.length > 0 ? `puts back ${drift.repaired.join(', ')} changed by hand` : '',
  ];
  const history = advances(actual, desired) ? 'advanced' : 'updated';
  return change(pair, 'update', {
    reason: notes.filter(Boolean).join('; '),
    warnings: freezeWarnings(pair, actual.columns, desired.exposure),
    differences: found,
    write: applied(pair.actual, desired, history),
  });
}

function archive(pair: FeaturePair, actual: ActualFeature): Change {
  const { hold } = pair;
  // Not the held state: with its incident settled, the baseline is what the archived row is compared with.
  const exposure = expectedExposure(actual, null) ?? actual.columns;
  return change(pair, 'archive', {
    reason: `${actual.spec ? 'no longer' : 'not'} in the file and off: archived, history and metrics are kept`,
    incident: hold?.id ?? null,
    write: {
      spec: actual.spec,
      exposure: { ...exposure, active: false },
      resolved: actual.resolved,
      archived: true,
      history: 'archived',
      newEpoch: false,
      newStep: false,
      incident: hold ? { do: 'settle', incident: hold.id } : null,
    },
  });
}

function repair(
  pair: FeaturePair,
  actual: ActualFeature,
  expected: Exposure,
  fields: readonly (keyof Exposure)[],
): Change {
  const names = fields.length > 0 ? fields.join(', ') : 'settings';
  return change(pair, 'repair_drift', {
    reason: `${names} changed by hand in the database: put back to ${pair.hold ? `the state held by incident ${pair.hold.id}` : 'what was last reconciled'}`,
    differences: fields.length > 0 ? differences(pick(actual.columns, fields), pick(expected, fields)) : [],
    held: pair.hold !== null,
    write: keepSpec(actual, expected, 'drift_repaired'),
  });
}

function adopt(
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
  const repaired =
    drift.repaired.length > 0 ? `; puts back ${drift.repaired.join(', ')} changed by hand` : '';
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

function settle(pair: FeaturePair, desired: DesiredFeature, hold: Incident): Change {
  return change(pair, 'settle', {
    reason: `the file agrees with incident ${hold.id} (${hold.reason}): settled`,
    incident: hold.id,
    write: { ...applied(pair.actual, desired, 'updated'), incident: { do: 'settle', incident: hold.id } },
  });
}

function resume(pair: FeaturePair, desired: DesiredFeature, incident: Incident): Change {
  const day = incident.opened_at.toISOString().slice(0, 10);
  return change(pair, 'update', {
    reason: `raises a feature taken back on ${day} because ${incident.reason}: ${describeExposure(desired.spec)}`,
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

function reopen(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  incident: Incident,
): Change {
  const how =
    incident.settlement === 'reverted'
      ? 'a commit raises it by reverting another, and a revert is no resume'
      : 'this revision does not contain the commit that settled it';
  // The file that settled it may have said less, and somebody may have taken away more by hand since.
  const applied = expectedExposure(actual, null);
  const bound = applied && narrower(applied, incident.held) ? applied : incident.held;
  const live = judgeDrift(actual.columns, bound).rest;
  return change(pair, 'held', {
    reason: `incident ${incident.id} is open again: ${how}; ${waysOut(pair.feature)}`,
    held: true,
    incident: incident.id,
    write: {
      ...underHold(desired, actual, live, 'updated'),
      incident: { do: 'reopen', incident: incident.id, held: live },
    },
  });
}

function held(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  hold: Incident,
  drift: Drift,
): Change {
  const repaired = drift.repaired.length > 0;
  const write = underHold(desired, actual, hold.held, repaired ? 'drift_repaired' : 'updated');
  const writes = repaired || settingsDrifted(actual) || !same(write.spec, actual.spec);
  const notes = [
    `held by incident ${hold.id} since ${hold.opened_at.toISOString()}: ${hold.reason}`,
    repaired ? `puts back ${drift.repaired.join(', ')} changed by hand` : '',
    waysOut(pair.feature),
  ];
  return change(pair, 'held', {
    reason: notes.filter(Boolean).join('; '),
    held: true,
    write: writes ? write : null,
  });
}

function heldBySalt(pair: FeaturePair, hold: Incident): Change {
  return change(pair, 'held', {
    reason: `not created: it has the salt of ${hold.feature}, which incident ${hold.id} took back (${hold.reason}); to go on, create it with active: false and raise it later`,
    held: true,
    incident: hold.id,
    write: null,
  });
}

function stillExposed(pair: FeaturePair, actual: ActualFeature): Change {
  const byHand = [
    'not in the file, but on in the database, by SQL and never by a file',
    'to keep it, put it into the file (rollout init --from-database --file found.yaml shows how it would stand there)',
  ].join(': ');
  const reason = actual.spec
    ? 'no longer in the file, but still on: set active: false first, then remove it'
    : `${byHand}; to end it, run: rollout stop ${pair.feature} --reason ...`;
  return change(pair, 'refused', { reason, write: null });
}

function broken(pair: FeaturePair, problem: string): Change {
  return change(pair, 'refused', { reason: `left as it is: ${problem}`, write: null });
}

type Parts = Pick<Change, 'reason' | 'write'> &
  Partial<Pick<Change, 'warnings' | 'differences' | 'held' | 'incident'>>;

function change(pair: FeaturePair, action: ChangeAction, parts: Parts): Change {
  const before = pair.actual?.columns ?? null;
  return {
    feature: pair.feature,
    action,
    from: standingOf(before),
    to: standingOf(parts.write?.exposure ?? before),
    file: pair.desired ? standingOf(pair.desired.exposure) : null,
    before,
    after: parts.write?.exposure ?? before,
    held: parts.held ?? false,
    incident: parts.incident ?? pair.hold?.id ?? null,
    reason: parts.reason,
    warnings: parts.warnings ?? [],
    differences: parts.differences ?? [],
    write: parts.write,
  };
}

function freezeWarnings(pair: FeaturePair, before: Exposure | null, after: Exposure): string[] {
  const freeze = freezeAt(pair.freeze, pair.now);
  if (!freeze || narrower(after, before ?? { ...after, active: false })) return [];
  return [`raises exposure during the freeze of ${freeze.from} to ${freeze.to} (${freeze.reason})`];
}

function waysOut(feature: string): string {
  return `to end it, merge the write-back or run: rollout resume ${feature} --reason ...`;
}

/** What the operator had before somebody reached into the database. */
function beforeDrift(actual: ActualFeature, drift: Drift): Exposure {
  const baseline = expectedExposure(actual, null) ?? actual.columns;
  return { ...drift.rest, ...pick(baseline, drift.adopted) };
}

function specDifferences(actual: ActualFeature, desired: DesiredFeature): Difference[] {
  if (actual.spec) return differences(actual.spec, desired.spec);
  return differences(actual.columns, desired.exposure);
}

/** Does this change go to the next step of the plan, and nothing else? */
function advances(actual: ActualFeature, desired: DesiredFeature): boolean {
  if (!actual.spec) return false;
  const from = actual.spec.percentage;
  const next = desired.spec.steps.find((step) => step.percentage > from);
  const others = differences({ ...actual.spec, percentage: 0 }, { ...desired.spec, percentage: 0 });
  return others.length === 0 && next !== undefined && desired.spec.percentage === next.percentage;
}

function describeExposure(spec: Spec): string {
  if (!spec.active) return 'off';
  if (spec.emergency_stop) return 'stopped';
  return spec.strategy === 'whitelist'
    ? `whitelist of ${spec.whitelist.length}`
    : `${spec.percentage} %${spec.strategy === 'percentage' ? '' : `, ${spec.strategy}`}`;
}
