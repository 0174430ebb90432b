import { same } from '../spec/difference.ts';
import type { Incident } from '../spec/incident.ts';
import { type Resolved, resolveLists } from '../spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';

/** The columns that the spec also fills but that decide nothing about who is in. */
export interface RowSettings {
  subject: SubjectType;
  max_error_rate: number;
  /** Seconds. */
  window: number;
  auto_rollback: boolean;
}

/** One feature as the database has it. */
export interface ActualFeature {
  feature: string;
  /** The spec that was last reconciled; null where the row came to be in another way, or it was edited. */
  spec: Spec | null;
  /**
   * SQL by hand has changed or emptied the spec; null: it has not. What stood there is lost, but another spec can be
   * recognised as it.
   */
  edited: { wasLast: (spec: Spec) => boolean } | null;
  /** Columns that the controller alone writes and somebody edited by SQL; what stands here is what was written. */
  unsealed: readonly string[];
  resolved: Resolved;
  /** The columns that decide, as they stand now. */
  columns: ResolvedExposure;
  settings: RowSettings;
  archived: boolean;
  /** Commit of the file that was last applied. */
  revision: string | null;
  /** A pilot that was moved over and was paused then; absent for any other feature. */
  movedPilot?: { paused: boolean };
}

export function settingsOf(spec: Spec): RowSettings {
  return {
    subject: spec.subject,
    max_error_rate: spec.thresholds.max_error_rate,
    window: spec.thresholds.window,
    auto_rollback: spec.rollback.enabled,
  };
}

/** A spec that was edited is not a baseline; the file's is, where it is the one that was reconciled last. */
export function withBaseline(actual: ActualFeature, wanted: Spec | undefined): ActualFeature {
  return wanted && actual.edited?.wasLast(wanted) ? { ...actual, spec: wanted } : actual;
}

/**
 * What may be live now: the held state while an incident is open, else the last applied spec.
 * Null where nothing was ever applied: then there is no baseline to drift from.
 */
export function expectedExposure(actual: ActualFeature, hold: Incident | null): ResolvedExposure | null {
  if (hold) return hold.held;
  if (!actual.spec) return null;
  const { exposure } = resolveLists(actual.spec, actual.resolved, new Map());
  return actual.archived ? { ...exposure, active: false } : exposure;
}

/** What SQL by hand changed beside exposure: the spec, the columns that it fills, and what the controller alone writes. */
export function settingsDrifted({ spec, edited, settings, unsealed }: ActualFeature): string[] {
  const columns = spec !== null && !same(settings, settingsOf(spec));
  return [...(edited ? ['spec'] : []), ...(columns ? ['settings'] : []), ...unsealed];
}
