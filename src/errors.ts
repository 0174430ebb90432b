/** What went wrong, as a code for scripts. */
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
  /** A standby, or a server that is set read-only: nothing can be written there now. */
  | 'database_read_only'
  | 'database_not_migrated'
  | 'database_incompatible'
  /** Another process holds a lock, and the wait was given up: a retry may succeed later. */
  | 'busy'
  /** The token is missing, wrong, or was withdrawn. */
  | 'relay_refused'
  /** The relay does not answer, or not usably: a retry may succeed later. */
  | 'relay_unreachable'
  /** The answer does not come from a relay, or has a version that this build cannot read. */
  | 'relay_incompatible'
  /** The token issuer does not answer, or not usably: a retry may succeed later. */
  | 'issuer_unreachable'
  | 'embedded_failed'
  | 'import_invalid'
  | 'unknown_feature'
  | 'unknown_subject'
  | 'record_invalid'
  | 'git_failed'
  /** GitHub refuses this for the token: a person has to change something. */
  | 'github_refused'
  /** This feature of GitHub is switched off in the repository: everything else works without it. */
  | 'github_off'
  /** GitHub does not answer, or not usably: a retry may succeed later. */
  | 'github_unreachable'
  /** GitHub asks for fewer requests. */
  | 'github_limited'
  /** A rule of the repository demands a pull request. */
  | 'branch_protected'
  | 'held'
  | 'lease_lost';

/**
 * An error that is thrown on purpose and that the person at the keyboard can fix.
 *
 * `message` says what was found and where; `hint` names the next command or the right value. Any other thrown value is
 * an internal defect and keeps its stack.
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
