import { admitsNobody, isOff } from '../../spec/at-most.ts';
import { EXPOSURE_FIELDS, type ResolvedExposure } from '../../spec/spec.ts';
import type { HistoryAction, SubjectType } from '../../spec/vocabulary.ts';
import type { ActualFeature } from '../actual.ts';
import type { Write } from '../change.ts';
import type { DesiredFeature } from '../desired.ts';

/** The file's spec, applied in full. */
export function applied(
  actual: ActualFeature | null,
  desired: DesiredFeature,
  history: HistoryAction,
): Write {
  const before = actual?.columns ?? null;
  const after = desired.exposure;
  const switchedOn = (before === null || isOff(before)) && !isOff(after);
  const others = actual !== null && !isOff(after) && exposesOthers(actual, desired);
  return {
    spec: desired.spec,
    exposure: after,
    resolved: desired.resolved,
    archived: false,
    history,
    newEpoch: before !== null && (switchedOn || others),
    newStep: switchedOn || others || before?.percentage !== after.percentage,
    incident: null,
  };
}

/** Are the subjects entirely others, so that earlier evidence does not apply to them? */
function exposesOthers(actual: ActualFeature, { spec, exposure }: DesiredFeature): boolean {
  const { salt, strategy, group_by } = actual.columns;
  return (
    salt !== exposure.salt ||
    strategy !== exposure.strategy ||
    group_by !== exposure.group_by ||
    subjectOf(actual) !== spec.subject
  );
}

/**
 * The file's spec, except that exposure stays at `exposure`. The baseline keeps its exposure, and its subject type if
 * somebody is in: subjects of another type would all be new.
 */
export function underHold(
  desired: DesiredFeature | null,
  actual: ActualFeature,
  exposure: ResolvedExposure,
  history: HistoryAction,
): Write {
  const write = keepSpec(actual, exposure, history);
  if (!desired) return write;
  const { where: _where, not: _not, group_by: _group, ...settings } = desired.spec;
  const baseline = actual.spec ?? { ...settings, ...exposure };
  const subject = admitsNobody(exposure) ? desired.spec.subject : subjectOf(actual);
  return {
    ...write,
    archived: false,
    spec: { ...settings, ...pick(baseline, EXPOSURE_FIELDS), subject },
  };
}

/** Returns the feature's subject type, as last reconciled. */
export function subjectOf({ spec, settings }: ActualFeature): SubjectType {
  return (spec ?? settings).subject;
}

/** The baseline stays; the columns become `exposure`. */
export function keepSpec(actual: ActualFeature, exposure: ResolvedExposure, history: HistoryAction): Write {
  return {
    spec: actual.spec,
    exposure,
    resolved: actual.resolved,
    archived: actual.archived,
    history,
    newEpoch: false,
    newStep: false,
    incident: null,
  };
}

/** Picks fields of a value, as far as they exist. */
export function pick<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.flatMap((key) => (key in value ? [[key, value[key]]] : []))) as Pick<T, K>;
}
