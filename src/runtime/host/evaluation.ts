import type { Reason } from '../../domain/spec/vocabulary.ts';

/** Why a decision is what it is; the last three are the library's own. */
export type DecisionReason = Reason | 'stale' | 'not_ready' | 'invalid_subject';

export interface Evaluation {
  readonly eligible: boolean;
  readonly reason: DecisionReason;
  /** The subject's place 0-9999 for the feature's salt; null where the feature is unknown or the id is none. */
  readonly bucket: number | null;
  /** The percentage in force, overrides included; null where the feature is unknown. */
  readonly percentage: number | null;
  /** Commit of `rollout.yaml` that the feature was reconciled from; null where there is none. */
  readonly revision: string | null;
  /** The database has not confirmed the snapshot lately. */
  readonly stale: boolean;
}
