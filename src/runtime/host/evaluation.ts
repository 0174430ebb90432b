import type { Reason } from '../../domain/spec/vocabulary.ts';

/** Why a decision was made; the last three reasons come from the library itself. */
export type DecisionReason = Reason | 'stale' | 'not_ready' | 'invalid_subject';

export interface Evaluation {
  readonly eligible: boolean;
  readonly reason: DecisionReason;
  /** Bucket 0-9999 of the subject for the feature's salt; null if the feature is unknown or the id invalid. */
  readonly bucket: number | null;
  /** The percentage in force, overrides included; null if the feature is unknown. */
  readonly percentage: number | null;
  /** Commit of `rollout.yaml` from which the feature was reconciled; null if there is none. */
  readonly revision: string | null;
  /** True: the database has not confirmed the snapshot recently. */
  readonly stale: boolean;
}
