import { same } from '../spec/difference.ts';
import type { Incident } from '../spec/incident.ts';
import { type Resolved, resolveLists } from '../spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';

/** Columns that come from the spec but do not decide who is in. */
export interface RowSettings {
  subject: SubjectType;
  max_error_rate: number;
  /** Window of the rates, in seconds. */
  window: number;
  auto_rollback: boolean;
}

/** One feature as the database has it. */
export interface ActualFeature {
  feature: string;
  /** The spec that was last reconciled; null if no reconcile wrote the row, or if the spec was edited. */
  spec: Spec | null;
  /**
   * Set if SQL by hand changed or emptied the spec; null: it did not. The lost spec cannot be read, but a given one can
   * be compared with it.
   */
  edited: { wasLast: (spec: Spec) => boolean } | null;
  /**
   * Columns that were edited by SQL as only the controller may write them; here with the controller's last values, and
   * without the owners in lists of ids.
   */
  unsealed: readonly string[];
  resolved: Resolved;
  /** The exposure columns as they are now. */
  columns: ResolvedExposure;
  settings: RowSettings;
  archived: boolean;
  /** Commit of the last applied file. */
  revision: string | null;
  /** A pilot that was migrated, and whether it was paused then; absent for any other feature. */
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

/**
 * Uses the file's spec as the baseline of an edited row if it is the one that was last reconciled; an edited spec is
 * not a baseline.
 */
export function withBaseline(actual: ActualFeature, wanted: Spec | undefined): ActualFeature {
  return wanted && actual.edited?.wasLast(wanted) ? { ...actual, spec: wanted } : actual;
}

/**
 * Returns the exposure that may be live now: the held state while an incident is open, otherwise the last applied spec.
 * Null if nothing was ever applied: then there is no baseline for drift.
 */
export function expectedExposure(actual: ActualFeature, hold: Incident | null): ResolvedExposure | null {
  if (hold) return hold.held;
  if (!actual.spec) return null;
  const { exposure } = resolveLists(actual.spec, actual.resolved, new Map());
  return actual.archived ? { ...exposure, active: false } : exposure;
}

/**
 * Returns what SQL by hand changed besides exposure: the spec, the columns filled from it, and the columns that only
 * the controller writes.
 */
export function settingsDrifted({ spec, edited, settings, unsealed }: ActualFeature): string[] {
  const columns = spec !== null && !same(settings, settingsOf(spec));
  return [...(edited ? ['spec'] : []), ...(columns ? ['settings'] : []), ...unsealed];
}
