import { type Difference, describeDifferences, differences } from '../spec/difference.ts';
import type { Exposure, ResolvedExposure } from '../spec/spec.ts';
import { type ActualFeature, expectedExposure, settingsDrifted } from './actual.ts';
import type { Change } from './change.ts';
import type { DesiredFeature } from './desired.ts';
import type { Drift } from './drift.ts';
import { change, describeExposure, type FeaturePair, freezeWarnings } from './feature-pair.ts';
import { applied, keepSpec, pick } from './writes.ts';

// The ways a feature's plan can end where no incident has a say, each with its sentence and what reconcile writes.

export function create(pair: FeaturePair, desired: DesiredFeature): Change {
  return change(pair, 'create', {
    reason: `new in the file: ${describeExposure(desired.spec)}`,
    warnings: [...freezeWarnings(pair, null, desired.exposure), ...unreviewedWarnings(null, desired)],
    write: applied(pair.actual, desired, 'created'),
  });
}

export function update(
  pair: FeaturePair,
  desired: DesiredFeature,
  actual: ActualFeature,
  drift: Drift | null,
): Change {
  const found = specDifferences(actual, desired);
  const notes = [
    actual.archived ? 'back from the archive' : '',
    actual.spec ? '' : actual.edited ? LOST_SPEC : 'never reconciled before, so the file applies',
    found.length > 0 ? describeDifferences(found) : '',
    putsBack(actual, drift),
  ];
  const history = advances(actual, desired) ? 'advanced' : 'updated';
  return change(pair, 'update', {
    reason: notes.filter(Boolean).join('; '),
    warnings: [
      ...freezeWarnings(pair, actual.columns, desired.exposure),
      ...unreviewedWarnings(actual, desired),
    ],
    differences: found,
    write: applied(pair.actual, desired, history),
  });
}

/** Said where the file begins to ask for it: outcomes are only as true as the credential that records them. */
function unreviewedWarnings(actual: ActualFeature | null, { spec }: DesiredFeature): string[] {
  if (spec.advance !== 'commit' || spec.steps.length === 0 || actual?.spec?.advance === 'commit') return [];
  return [
    'advance: commit goes on without a review, also by outcomes that a stolen recorder invents; advance: pull_request asks a person',
  ];
}

const LOST_SPEC = 'its spec was changed by hand in the database, so the file applies';

/** Not the columns without exposure: the file's new ones are what stands there next. */
function putsBack({ spec, edited, unsealed }: ActualFeature, drift: Drift | null): string {
  const fields = [...(drift?.repaired ?? []), ...(edited && spec ? ['spec'] : []), ...unsealed];
  return fields.length > 0 ? `puts back ${fields.join(', ')} changed by hand` : '';
}

export function archive(pair: FeaturePair, actual: ActualFeature): Change {
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

export function repair(
  pair: FeaturePair,
  actual: ActualFeature,
  expected: ResolvedExposure,
  fields: readonly (keyof Exposure)[],
): Change {
  const names = [...fields, ...settingsDrifted(actual)].join(', ');
  return change(pair, 'repair_drift', {
    reason: `${names} changed by hand in the database: put back to ${pair.hold ? `the state held by incident ${pair.hold.id}` : 'what was last reconciled'}`,
    differences: fields.length > 0 ? differences(pick(actual.columns, fields), pick(expected, fields)) : [],
    held: pair.hold !== null,
    write: keepSpec(actual, expected, 'drift_repaired'),
  });
}

export function stillExposed(pair: FeaturePair, actual: ActualFeature): Change {
  const byHand = [
    'not in the file, but on in the database, by SQL and never by a file',
    'to keep it, put it into the file (rollout init --from-database --file found.yaml shows how it would stand there)',
  ].join(': ');
  const reason =
    actual.spec || actual.edited
      ? 'no longer in the file, but still on: set active: false first, then remove it'
      : `${byHand}; to end it, run: rollout stop ${pair.feature} --reason ...`;
  return change(pair, 'refused', { reason, write: null });
}

export function broken(pair: FeaturePair, problem: string): Change {
  return change(pair, 'refused', { reason: `left as it is: ${problem}`, write: null });
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
