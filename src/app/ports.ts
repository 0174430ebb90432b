import type { Settlement } from '../domain/incident.ts';

/** The configuration file as it counts: the committed one at the tip of the default branch. */
export interface Tip {
  /** Path as it is shown to people. */
  path: string;
  content: Uint8Array;
  /** Commit; null outside a repository, where the file itself is the truth. */
  revision: string | null;
}

/** By a commit on the default branch, by a pull request, or by an edit of the file that lies in the folder. */
export type ChangeVia = 'commit' | 'pull_request' | 'file';

/** A change of the configuration file by program. */
export interface FileChange {
  /**
   * The text as it should be. Called again with a newer text when the branch moved meanwhile; giving back the
   * same text means that nothing is left to do.
   */
  edit(text: string): string;
  via: ChangeVia;
  /** Branch of a pull request, by which it is found again. */
  branch: string;
  /** First line of the commit message and title of the pull request. */
  title: string;
  body: string;
  /** Such as `Rollout-Incident: 12`: by them a write whose answer was lost is recognised. */
  trailers: readonly string[];
}

export type FileChangeResult =
  /** The file says so already; the commit that made it so, where it is ours. */
  | { state: 'unchanged'; commit: string | null }
  | { state: 'committed'; commit: string }
  /** Waits for a person to merge `branch`. */
  | { state: 'proposed'; branch: string; pull_request: number | null }
  /** The file in the folder was changed and is not committed. */
  | { state: 'edited' };

/** Where the desired state lives: a git working tree, a plain file, or GitHub. */
export interface ConfigurationRepository {
  /**
   * The tip. Throws `revision_refused` with the reason where what lies in the folder is not the tip (a dirty
   * file, another branch), so that nobody believes a file was applied that was not.
   */
  readTip(): Promise<Tip>;
  /**
   * How the tip stands to commits that settled an incident. `contained` outside a repository.
   * Throws `revision_refused` where the history is cut off (a shallow clone) and it cannot be known.
   */
  settlement(tip: string | null, commits: readonly string[]): Promise<Settlement>;
  /** Changes the file. Throws where it cannot; whoever asked tries again later. */
  change(change: FileChange): Promise<FileChangeResult>;
  /** Closes our own proposal on a branch, where there is one, and says why. */
  withdraw(branch: string, why: string): Promise<void>;
}

/** Where people are told of transitions. */
export interface Notifier {
  /** Delivers one message. Throws where it did not arrive, with the `status` of the answer where there was one. */
  deliver(message: {
    key: string;
    feature: string | null;
    severity: string;
    kind: string;
    message: string;
    details?: object;
    created_at: Date;
  }): Promise<void>;
}
