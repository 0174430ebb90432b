/** Ways to change the file: a commit on the default branch, a pull request, or an edit of the file in the folder. */
export const CHANGE_VIAS = ['commit', 'pull_request', 'file'] as const;
export type ChangeVia = (typeof CHANGE_VIAS)[number];

/** Result of a change of the configuration file. */
export type FileChangeResult =
  /** The file already says so. `commit` is the one that made the change, if it is ours; null otherwise. */
  | { state: 'unchanged'; commit: string | null }
  | { state: 'committed'; commit: string }
  /** Waits for a person to merge `branch`. */
  | { state: 'proposed'; branch: string; pull_request: number | null }
  /** Waits on `branch` for a person to open the pull request at `compare`, because the controller may not open it. */
  | { state: 'needs_person'; branch: string; compare: string; why: string }
  /** The file in the folder was changed but not committed. */
  | { state: 'edited' };
