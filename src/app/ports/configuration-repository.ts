import type { ChangeVia, FileChangeResult } from '../../domain/change/file.ts';
import type { Settlement } from '../../domain/spec/incident.ts';

export type { ChangeVia, FileChangeResult } from '../../domain/change/file.ts';

/** The configuration file as it counts: the committed one at the tip of the default branch. */
export interface Tip {
  /** Path as it is shown to people. */
  path: string;
  content: Uint8Array;
  /** Commit; null outside a repository, where the file itself is the truth. */
  revision: string | null;
}

/** Why an edit cannot be made of a text. */
export interface Refusal {
  message: string;
}

/** The text as it should be (the text that was given: nothing is left to do), or why it cannot be made of that text. */
export type Edited<R extends Refusal = Refusal> = { text: string } | { refused: R };

/** A change of the configuration file by program. */
export interface FileChange<R extends Refusal = Refusal> {
  /** Pure: called again with a newer text when the branch moved meanwhile. */
  edit(text: string): Edited<R>;
  via: ChangeVia;
  /** Branch of a pull request, by which it is found again. */
  branch: string;
  /** First line of the commit message and title of the pull request. */
  title: string;
  body: string;
  /** Such as `Rollout-Incident: 12`: by them a write whose answer was lost is recognised. */
  trailers: readonly string[];
  /** Features that it is about: their owners are asked where it becomes a pull request. */
  features?: readonly string[];
  /** The body of a pull request as markdown, everything from people escaped; left out, `body` as it stands. */
  proposal?: string;
  /**
   * A commit and nothing else: where a rule of the repository wants a pull request it throws `branch_protected`
   * instead of making one.
   */
  only_commit?: boolean;
}

/** The edit refused the text that was found, and nothing was written. */
export interface ChangeRefused<R extends Refusal = Refusal> {
  state: 'refused';
  refused: R;
}

/** By what is judged whether a revert ended the agreement of the file with an incident. */
export interface Agreement {
  /**
   * Does it agree, as a commit has it? Null: the commit has no file. The answer is null where that cannot be read.
   * Asked of the same commit, it is best given the same object: then it is parsed once.
   */
  agrees: (content: Uint8Array | null) => boolean | null;
  /** The commit that was applied last: where the file agreed there, no revert before it ended that. */
  applied: string | null;
}

/** Where the desired state lives: a git working tree, a plain file, or GitHub. */
export interface ConfigurationRepository {
  /** What counts is committed; false: a plain file, which is the truth itself where no commit ever governed. */
  readonly committed: boolean;
  /**
   * The tip. Throws `revision_refused` with the reason where what lies in the folder is not the tip (a dirty
   * file, another branch), so that nobody believes a file was applied that was not.
   */
  readTip(): Promise<Tip>;
  /**
   * The file that a change would start from: for `file` what lies in the folder, else what is committed at the tip of
   * the default branch as its origin has it now, whatever lies in the folder.
   */
  read(via: ChangeVia): Promise<Tip>;
  /**
   * How the tip stands to commits that settled an incident, the tip of that reconcile first. `uncommitted` outside a
   * repository. Without `agreement` only whether it contains them. Throws `revision_refused` where the history is
   * cut off (a shallow clone) and it cannot be known.
   */
  settlement(tip: string | null, commits: readonly string[], agreement?: Agreement): Promise<Settlement>;
  /** Changes the file. Throws where the repository cannot; whoever asked tries again later. */
  change<R extends Refusal>(change: FileChange<R>): Promise<FileChangeResult | ChangeRefused<R>>;
  /** Closes our own proposal on a branch, where there is one, and says why. */
  withdraw(branch: string, why: string): Promise<void>;
}
