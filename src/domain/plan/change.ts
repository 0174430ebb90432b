import type { Difference } from '../spec/difference.ts';
import type { Resolved } from '../spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../spec/spec.ts';
import type { HistoryAction, SubjectType } from '../spec/vocabulary.ts';

import type { ChangeReason, ChangeWarning } from './reason.ts';
import type { IncidentEffect } from './taken-away.ts';

/** Action of a change, in the word that plan and reconcile report. */
export type ChangeAction =
  | 'create'
  | 'update'
  | 'archive'
  | 'repair_drift'
  | 'adopt_drift'
  | 'settle'
  | 'held'
  | 'refused';

/** What everybody asks about, and the strategy by which the percentage is to be read. */
export type Standing = Pick<ResolvedExposure, 'percentage' | 'active' | 'emergency_stop' | 'strategy'>;

/** What reconcile writes for a change: the whole new state of the feature's row. */
export interface Write {
  /** The spec that becomes the baseline; null for a row that never had one. */
  spec: Spec | null;
  /** The columns that decide, lists resolved. */
  exposure: ResolvedExposure;
  resolved: Resolved;
  archived: boolean;
  history: HistoryAction;
  /** A new epoch begins: evidence from before it no longer counts. */
  newEpoch: boolean;
  /** A new step begins: the soak clock starts again. */
  newStep: boolean;
  incident: IncidentEffect | null;
}

export interface Change {
  feature: string;
  action: ChangeAction;
  /** What is in the database now; off where the feature is not there yet. */
  from: Standing;
  /** What it is after this change. */
  to: Standing;
  /** What the file asks for; differs from `to` where that is held or refused. Null: the file does not say. */
  file: Standing | null;
  /** Exposure in the database before and after this change, lists resolved; null: no such row. */
  before: ResolvedExposure | null;
  after: ResolvedExposure | null;
  /** The kind of subjects after this change. */
  subject: SubjectType;
  /** The kind of subjects in the database now; null: no such row. */
  subject_before: SubjectType | null;
  /** An open incident keeps the exposure of this feature where it is. */
  held: boolean;
  /** The open incident, or the settled one that this change ends. */
  incident: string | null;
  reason: ChangeReason;
  warnings: ChangeWarning[];
  differences: Difference[];
  /** Null: nothing to write. */
  write: Write | null;
}

export const NOWHERE: Standing = {
  percentage: 0,
  active: false,
  emergency_stop: false,
  strategy: 'percentage',
};

export function standingOf(exposure: Standing | null): Standing {
  if (!exposure) return NOWHERE;
  const { percentage, active, emergency_stop, strategy } = exposure;
  return { percentage, active, emergency_stop, strategy };
}
