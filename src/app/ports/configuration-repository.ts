import type { ChangeVia, FileChangeResult } from '../../domain/change/file.ts';
import type { Settlement } from '../../domain/spec/incident.ts';

export type { ChangeVia, FileChangeResult } from '../../domain/change/file.ts';

/** The authoritative configuration file: the committed one at the tip of the default branch. */
export interface Tip {
  /** Path as shown to people. */
  path: string;
  content: Uint8Array;
  /** Commit; null outside a repository, where the file itself is authoritative. */
  revision: string | null;
}

/** Why a text cannot be edited. */
export interface Refusal {
  message: string;
}

/** The new text (unchanged if nothing is left to do), or why the text cannot be edited. */
export type Edited<R extends Refusal = Refusal> = { text: string } | { refused: R };

/** A change of the configuration file by the program. */
export interface FileChange<R extends Refusal = Refusal> {
  /** Pure: called again with a newer text if the branch moved meanwhile. */
  edit(text: string): Edited<R>;
  via: ChangeVia;
  /** Branch of a pull request, which identifies it. */
  branch: string;
  /** First line of the commit message and title of the pull request. */
  title: string;
  body: string;
  /** Lines such as `Rollout-Incident: 12`, which identify a write whose answer was lost. */
  trailers: readonly string[];
  /** The changed features: a pull request asks their owners for a review. */
  features?: readonly string[];
  /** Body of a pull request as markdown, everything from people escaped; left out: `body` is used. */
  proposal?: string;
  /**
   * True: only a commit. If a rule of the repository demands a pull request, throws `branch_protected` instead of
   * making one.
   */
  only_commit?: boolean;
}

/** The edit refused the present text, and nothing was written. */
export interface ChangeRefused<R extends Refusal = Refusal> {
  state: 'refused';
  refused: R;
}

/** Decides whether a revert ended the file's agreement with an incident. */
export interface Agreement {
  /**
   * Does the file agree at a commit? `content` is null if the commit has no file. Returns null if the content cannot be
   * read. Pass the same object for the same commit, so that it is parsed once.
   */
  agrees: (content: Uint8Array | null) => boolean | null;
  /** The last applied commit: if the file agreed there, no earlier revert ended that. */
  applied: string | null;
}

/** The location of the desired state: a git working tree, a plain file, or GitHub. */
export interface ConfigurationRepository {
  /**
   * True: commits are authoritative; false: a plain file, which is authoritative if no commit ever governed the
   * database.
   */
  readonly committed: boolean;
  /**
   * Reads the tip. Throws `revision_refused` with the reason if the folder's content is not the tip (a dirty file,
   * another branch), so that nobody believes that it was applied.
   */
  readTip(): Promise<Tip>;
  /**
   * Reads the file that a change would start from: for `file` the one in the folder, otherwise the committed one at the
   * tip of origin's default branch, whatever is in the folder.
   */
  read(via: ChangeVia): Promise<Tip>;
  /**
   * Determines the relation of the tip to the commits that settled an incident, the tip of the settling reconcile
   * first. `uncommitted` outside a repository. Without `agreement`, checks only whether it contains them. Throws
   * `revision_refused` if that is unknown because history is cut off (a shallow clone).
   */
  settlement(tip: string | null, commits: readonly string[], agreement?: Agreement): Promise<Settlement>;
  /** Changes the file. Throws if the repository fails; the caller tries again later. */
  change<R extends Refusal>(change: FileChange<R>): Promise<FileChangeResult | ChangeRefused<R>>;
  /** Closes the controller's proposal on a branch, if there is one, with the reason. */
  withdraw(branch: string, why: string): Promise<void>;
}
