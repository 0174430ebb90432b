import { onlyWaits } from '../../policy/breach.ts';
import type { Refused } from '../../policy/refusal.ts';
import { type Difference, differences } from '../../spec/difference.ts';
import type { Exposure, ResolvedExposure, Spec } from '../../spec/spec.ts';
import { type ActualFeature, expectedExposure, settingsDrifted } from '../actual.ts';
import type { Change } from '../change.ts';
import type { DesiredFeature, FileErrors } from '../desired.ts';
import type { Drift } from '../drift.ts';
import { change, type FeaturePair } from '../feature-pair.ts';
import { type ChangeWarning, exposureFacts } from '../reason.ts';
import { raiseWarnings, skipWarnings } from './raise-warnings.ts';
import { applied, keepSpec, pick } from './writes.ts';

// Outcomes of a feature's plan without an incident, each with its reason and reconcile's writes.

export function create(pair: FeaturePair, desired: DesiredFeature): Change {
  return change(pair, 'create', {
    reason: { code: 'created', exposure: exposureFacts(desired.spec) },
    warnings: [
      ...raiseWarnings(pair, null, desired),
      ...skipWarnings(null, desired),
      ...unreviewedWarnings(null, desired),
    ],
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
  const history = advances(actual, desired) ? 'advanced' : 'updated';
  return change(pair, 'update', {
    reason: {
      code: 'updated',
      unarchived: actual.archived,
      baseline: actual.spec ? null : actual.edited ? 'edited' : 'none',
      differences: found,
      repaired: putsBack(actual, drift),
    },
    warnings: [
      ...raiseWarnings(pair, actual.columns, desired),
      ...skipWarnings(actual.columns, desired),
      ...unreviewedWarnings(actual, desired),
    ],
    differences: found,
    write: applied(pair.actual, desired, history),
  });
}

/** Warns when the file first skips review: outcomes are only as trustworthy as the credential that records them. */
function unreviewedWarnings(actual: ActualFeature | null, { spec }: DesiredFeature): ChangeWarning[] {
  const was = actual?.spec;
  return goesUnreviewed(spec) && !(was && goesUnreviewed(was)) ? [{ code: 'unreviewed' }] : [];
}

/** Has no step a review by a person? */
function goesUnreviewed({ advance, steps }: Spec): boolean {
  return advance === 'commit' && steps.length > 0 && !steps.some(({ approve }) => approve);
}

/** Leaves out columns that do not decide exposure: the file's new values replace them anyway. */
function putsBack({ spec, edited, unsealed }: ActualFeature, drift: Drift | null): string[] {
  return [...(drift?.repaired ?? []), ...(edited && spec ? ['spec'] : []), ...unsealed];
}

export function archive(pair: FeaturePair, actual: ActualFeature): Change {
  const { hold } = pair;
  // Not the held state: with its incident settled, the archived row is compared with the baseline.
  const exposure = expectedExposure(actual, null) ?? actual.columns;
  return change(pair, 'archive', {
    reason: { code: 'archived', reconciled: actual.spec !== null },
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
  const repaired = [...fields, ...settingsDrifted(actual)];
  return change(pair, 'repair_drift', {
    reason: { code: 'drift_repaired', repaired, incident: pair.hold?.id ?? null },
    differences: fields.length > 0 ? differences(pick(actual.columns, fields), pick(expected, fields)) : [],
    held: pair.hold !== null,
    write: keepSpec(actual, expected, 'drift_repaired'),
  });
}

export function stillExposed(pair: FeaturePair, actual: ActualFeature): Change {
  const reconciled = actual.spec !== null || actual.edited !== null;
  return change(pair, 'refused', {
    reason: { code: 'still_on', feature: pair.feature, reconciled },
    write: null,
  });
}

/** Held if the change takes effect by itself when the policy's hours begin, otherwise refused. */
export function againstPolicy(pair: FeaturePair, { breaches }: Refused): Change {
  const action = onlyWaits(breaches) ? 'held' : 'refused';
  return change(pair, action, {
    reason: { code: 'policy', feature: pair.feature, breaches },
    write: null,
  });
}

export function broken(pair: FeaturePair, problem: FileErrors): Change {
  return change(pair, 'refused', { reason: { code: 'file_errors', ...problem }, write: null });
}

function specDifferences(actual: ActualFeature, desired: DesiredFeature): Difference[] {
  if (actual.spec) return differences(actual.spec, desired.spec);
  return differences(actual.columns, desired.exposure);
}

/** Is the next step of the plan the only change? */
function advances(actual: ActualFeature, desired: DesiredFeature): boolean {
  if (!actual.spec) return false;
  const from = actual.spec.percentage;
  const next = desired.spec.steps.find((step) => step.percentage > from);
  const others = differences({ ...actual.spec, percentage: 0 }, { ...desired.spec, percentage: 0 });
  return others.length === 0 && next !== undefined && desired.spec.percentage === next.percentage;
}
