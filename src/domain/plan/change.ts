import type { Difference } from '../spec/difference.ts';
import type { Resolved } from '../spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../spec/spec.ts';
import type { HistoryAction, SubjectType } from '../spec/vocabulary.ts';

import type { ChangeReason, ChangeWarning } from './reason.ts';
import type { IncidentEffect } from './taken-away.ts';

/** Action of a change, as plan and reconcile print it. */
export type ChangeAction =
  | 'create'
  | 'update'
  | 'archive'
  | 'repair_drift'
  | 'adopt_drift'
  | 'settle'
  | 'held'
  | 'refused';

/** A short form of exposure: percentage and switches, and the strategy that gives the percentage its meaning. */
export type Standing = Pick<ResolvedExposure, 'percentage' | 'active' | 'emergency_stop' | 'strategy'>;

/** The feature's whole new row, as reconcile writes it. */
export interface Write {
  /** The spec that becomes the baseline; null for a row without one. */
  spec: Spec | null;
  /** The exposure columns, lists resolved. */
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
  /** State in the database now; off if the feature does not exist. */
  from: Standing;
  /** State after this change. */
  to: Standing;
  /** State in the file; differs from `to` if held or refused. Null: the file does not have the feature. */
  file: Standing | null;
  /** Exposure in the database before and after this change, lists resolved; null: no row. */
  before: ResolvedExposure | null;
  after: ResolvedExposure | null;
  /** The subject type after this change. */
  subject: SubjectType;
  /** The subject type in the database now; null: no row. */
  subject_before: SubjectType | null;
  /** An open incident keeps the exposure of this feature where it is. */
  held: boolean;
  /** The open incident, or the settled one that this change ends. */
  incident: string | null;
  reason: ChangeReason;
  warnings: ChangeWarning[];
  differences: Difference[];
  /** State to write; null: nothing is written. */
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
