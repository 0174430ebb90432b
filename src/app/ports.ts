import type { Settlement } from '../domain/incident.ts';

/** The configuration file as it counts: the committed one at the tip of the default branch. */
export interface Tip {
  /** Path as it is shown to people. */
  path: string;
  content: Uint8Array;
  /** Commit; null outside a repository, where the file itself is the truth. */
  revision: string | null;
}

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
}
