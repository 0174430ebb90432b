import type { Advance } from '../gate/advance.ts';
import type { Judgement } from '../health/judgement.ts';
import type { ChangeReason } from '../plan/reason.ts';
import type { ReconcileResult } from '../plan/result.ts';
import type { Breach } from '../policy/breach.ts';
import type { ChangeVia, FileChangeResult } from './file.ts';
import type { Requested } from './requested.ts';

/** An error that was caught and is told of as a part of an answer. */
export interface Refusal {
  code: string;
  message: string;
  hint: string | null;
}

/** Why a change is not live, as a code with its facts. */
export type Obstacle =
  /** A person said no. */
  | { code: 'declined' }
  /** The gate to the next step is closed, or there is none. */
  | { code: 'gate'; gate: Pick<Advance, 'wait' | 'step'> }
  | { code: 'nothing_held' }
  /** Waits for a person to merge `branch`; null: that of the write-back. */
  | { code: 'merge'; branch: string | null }
  /** Waits for a person to open the pull request at `compare`, which we may not open; `why` is GitHub's answer. */
  | { code: 'open_and_merge'; compare: string; why: string }
  | { code: 'not_reconciled'; refusal: Refusal }
  /** The plan holds or refuses the feature. */
  | { code: 'kept'; feature: string; reason: ChangeReason }
  /** The file has an error, in the first line that is wrong. */
  | { code: 'file_error'; line: number; message: string }
  | { code: 'everything_stopped'; reason: string }
  /** The stop of everything is lifted with the merge, not before it. */
  | { code: 'stays_stopped'; until: Obstacle }
  /** Nothing was written back: a plain file beside a database that commits govern. */
  | { code: 'write_back_refused'; refusal: Refusal }
  /** The write-back failed, with the error that is stored beside it; null: it was not tried yet. */
  | { code: 'write_back_pending'; error: string | null };

/** Result of a change of the file. */
export interface ChangeOutcome {
  requested: Requested;
  via: ChangeVia;
  raises: boolean;
  /** Null: nothing was done. */
  file: FileChangeResult | null;
  /** What the reconcile that followed did; null: none followed, or it was refused. */
  reconciled: ReconcileResult | null;
  /** Why it is not live; null: it is. */
  obstacle: Obstacle | null;
}

export interface AdvanceOutcome extends ChangeOutcome {
  advance: Advance;
  judgement: Judgement;
  /** The gate would have waited. */
  forced: boolean;
}

export interface ListOutcome extends ChangeOutcome {
  /** Names that no subject has: misspelled, or not imported yet. */
  unmatched: string[];
}

/** A person's leave to raise a held feature again. */
export interface Permitted {
  feature: string;
  incident: string;
  expires_at: Date;
}

export interface ResumeOutcome extends ChangeOutcome {
  /** Features that are raised, with how far. */
  features: { feature: string; percentage: number | null; incident: string | null }[];
  permits: Permitted[];
  /** Features that are held and were left so, with the reason. */
  skipped: { feature: string; refusal: Refusal }[];
  /** The stop of everything was lifted. */
  unlatched: boolean;
}

/** Why a rollback took nothing away. */
export type NothingTaken =
  | { code: 'unknown_feature' }
  /** Its epoch is another than the one that was judged. */
  | { code: 'changed_meanwhile' }
  | { code: 'off' }
  | { code: 'not_above'; percentage: number; to: number | null };

/** More about what a check of the health did, or why it did nothing. */
export type CheckNote =
  | { code: 'rollback_disabled' }
  | { code: 'nothing_taken'; nothing: NothingTaken }
  | { code: 'incident'; incident: string }
  /** Subjects that are in quarantine now, by name where they have one. */
  | { code: 'quarantined'; feature: string; subjects: readonly string[] }
  /** Nobody else is put into quarantine in this epoch. */
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
  /** Where a person opens the pull request that we may not open; left out: nobody has to. */
  url?: string;
}

export interface RollbackOutcome {
  feature: string;
  /** The incident that holds the feature now; null: nothing was taken away. */
  incident: string | null;
  /** Why nothing was taken away; null: something was. */
  nothing: NothingTaken | null;
  from: number | null;
  to: number | null;
  /** Subjects that the database still admits. */
  eligible: number | null;
  written_back: WrittenBack | null;
  reconciled: ReconcileResult | null;
  /** Why the file and the database do not agree yet; the feature is rolled back all the same. */
  pending: Obstacle | null;
}

export interface StopOutcome {
  /** Null: everything is stopped. */
  feature: string | null;
  stopped: readonly string[];
  already_off: readonly string[];
}
