/** What went wrong, as a word that scripts can test. */
export type ErrorCode =
  | 'usage'
  | 'file_missing'
  | 'file_unreadable'
  | 'file_invalid'
  | 'edit_refused'
  | 'revision_refused'
  | 'environment_mismatch'
  | 'database_unreachable'
  | 'database_refused'
  /** A standby, or a server that a setting makes read-only: nothing can be written there now. */
  | 'database_read_only'
  | 'database_not_migrated'
  | 'database_incompatible'
  /** Somebody holds a lock for so long that the wait was given up: the same may succeed later. */
  | 'busy'
  /** The token is missing, wrong, or was withdrawn. */
  | 'relay_refused'
  /** The relay does not answer, or not usefully: the same may succeed later. */
  | 'relay_unreachable'
  /** The answer is not a relay's, or of a version that this build cannot read. */
  | 'relay_incompatible'
  /** The token issuer does not answer, or not usefully; a later attempt may succeed. */
  | 'issuer_unreachable'
  | 'embedded_failed'
  | 'import_invalid'
  | 'unknown_feature'
  | 'unknown_subject'
  | 'record_invalid'
  | 'git_failed'
  /** GitHub will not do it for this token: a person has to change something. */
  | 'github_refused'
  /** The repository has this part of GitHub switched off: everything else goes on without it. */
  | 'github_off'
  /** GitHub does not answer, or not usefully: the same may succeed later. */
  | 'github_unreachable'
  /** GitHub wants to be asked less often. */
  | 'github_limited'
  /** A rule of the repository wants a pull request. */
  | 'branch_protected'
  | 'held'
  | 'lease_lost';

/**
 * An error thrown on purpose: something the person at the keyboard can mend.
 *
 * `message` says what was found and where; `hint` names the next command or the right value.
 * Anything else that is thrown is a defect of ours and keeps its stack.
 */
export class RolloutError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RolloutError';
    this.code = code;
    this.hint = options.hint;
  }
}
