/** By a commit on the default branch, by a pull request, or by an edit of the file that lies in the folder. */
export const CHANGE_VIAS = ['commit', 'pull_request', 'file'] as const;
export type ChangeVia = (typeof CHANGE_VIAS)[number];

/** Result of a change of the configuration file. */
export type FileChangeResult =
  /** The file says so already; the commit that made it so, where it is ours. */
  | { state: 'unchanged'; commit: string | null }
  | { state: 'committed'; commit: string }
  /** Waits for a person to merge `branch`. */
  | { state: 'proposed'; branch: string; pull_request: number | null }
  /** Waits on `branch` for a person to open the pull request at `compare`, because we may not. */
  | { state: 'needs_person'; branch: string; compare: string; why: string }
  /** The file in the folder was changed and is not committed. */
  | { state: 'edited' };
