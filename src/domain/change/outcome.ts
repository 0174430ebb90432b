import type { Advance } from '../gate/advance.ts';
import type { Judgement } from '../health/judgement.ts';
import type { ChangeReason } from '../plan/reason.ts';
import type { ReconcileResult } from '../plan/result.ts';
import type { Breach } from '../policy/breach.ts';
import type { ChangeVia, FileChangeResult } from './file.ts';
import type { Requested } from './requested.ts';

/** An error that was caught and is reported as part of an answer. */
export interface Refusal {
  code: string;
  message: string;
  hint: string | null;
}

/** Why a change is not live, as a code with its facts. */
export type Obstacle =
  /** A person declined the change. */
  | { code: 'declined' }
  /** The gate to the next step is closed, or there is none. */
  | { code: 'gate'; gate: Pick<Advance, 'wait' | 'step'> }
  | { code: 'nothing_held' }
  /** Waits for a person to merge `branch`; null: the branch of the write-back. */
  | { code: 'merge'; branch: string | null }
  /**
   * Waits for a person to open the pull request at `compare`, which the controller may not open; `why` is GitHub's
   * answer.
   */
  | { code: 'open_and_merge'; compare: string; why: string }
  | { code: 'not_reconciled'; refusal: Refusal }
  /** The plan holds or refuses the feature. */
  | { code: 'kept'; feature: string; reason: ChangeReason }
  /** The file has an error, on the first wrong line. */
  | { code: 'file_error'; line: number; message: string }
  | { code: 'everything_stopped'; reason: string }
  /** The global stop is lifted by the merge, not earlier. */
  | { code: 'stays_stopped'; until: Obstacle }
  /** Nothing was written back: the file is in no commit, but the database is governed by commits. */
  | { code: 'write_back_refused'; refusal: Refusal }
  /** The write-back failed with the stored error; null: not tried yet. */
  | { code: 'write_back_pending'; error: string | null };

/** Result of a change of the file. */
export interface ChangeOutcome {
  requested: Requested;
  via: ChangeVia;
  raises: boolean;
  /** Result for the file; null: nothing was done. */
  file: FileChangeResult | null;
  /** Result of the reconcile that followed; null: none followed, or it was refused. */
  reconciled: ReconcileResult | null;
  /** Why the change is not live; null: it is live. */
  obstacle: Obstacle | null;
}

export interface AdvanceOutcome extends ChangeOutcome {
  advance: Advance;
  judgement: Judgement;
  /** True: the change was made although the gate waits. */
  forced: boolean;
}

export interface ListOutcome extends ChangeOutcome {
  /** Names that match no subject: misspelled, or not imported yet. */
  unmatched: string[];
}

/** Result of a person's permit to raise held features again. */
export interface Permitted {
  feature: string;
  incident: string;
  expires_at: Date;
}

export interface ResumeOutcome extends ChangeOutcome {
  /** Raised features, each with its ceiling. */
  features: { feature: string; percentage: number | null; incident: string | null }[];
  permits: Permitted[];
  /** Features that stay held, each with the reason. */
  skipped: { feature: string; refusal: Refusal }[];
  /** True: the global stop was lifted. */
  unlatched: boolean;
}

/** Why a rollback reduced no exposure. */
export type NothingTaken =
  | { code: 'unknown_feature' }
  /** The feature's epoch is no longer the one that was judged. */
  | { code: 'changed_meanwhile' }
  | { code: 'off' }
  | { code: 'not_above'; percentage: number; to: number | null };

/** More about the result of a health check, or why it did nothing. */
export type CheckNote =
  | { code: 'rollback_disabled' }
  | { code: 'nothing_taken'; nothing: NothingTaken }
  | { code: 'incident'; incident: string }
  /** Subjects that entered quarantine, by name if they have one. */
  | { code: 'quarantined'; feature: string; subjects: readonly string[] }
  /** The epoch's limit for quarantine is reached, so no further subject enters it. */
  | { code: 'quarantine_full'; most: number }
  /** The next step is committed or proposed. */
  | { code: 'step'; to: number; pull_request: number | null }
  /** A person has to open the pull request at `compare`. */
  | { code: 'step_by_person'; to: number; compare: string }
  /** The policy refuses the next step. */
  | { code: 'step_refused'; to: number; breaches: readonly Breach[] }
  | { code: 'step_failed'; error: string }
  | { code: 'step_not_withdrawn'; error: string };

/** Result of one incident's write-back. */
export interface WrittenBack {
  incident: string;
  feature: string;
  state: 'pending' | 'proposed' | 'done';
  commit: string | null;
  pull_request: number | null;
  error: string | null;
  /** Where a person opens the pull request that the controller may not open; left out: nobody has to. */
  url?: string;
}

export interface RollbackOutcome {
  feature: string;
  /** The incident that now holds the feature; null: no exposure was reduced. */
  incident: string | null;
  /** Why no exposure was reduced; null: some was. */
  nothing: NothingTaken | null;
  from: number | null;
  to: number | null;
  /** Subjects that the database still admits. */
  eligible: number | null;
  written_back: WrittenBack | null;
  reconciled: ReconcileResult | null;
  /** Why the file and the database do not agree yet; the feature is rolled back regardless. Null: they agree. */
  pending: Obstacle | null;
}

export interface StopOutcome {
  /** Stopped feature; null: the global stop. */
  feature: string | null;
  stopped: readonly string[];
  already_off: readonly string[];
}
