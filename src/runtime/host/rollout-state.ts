import type { OpenBreaker } from './rollout-events.ts';

export interface RolloutState {
  /**
   * `starting`: no snapshot yet. `stale`: decisions go on from the last one. `expired`: nobody is eligible.
   * `refused`: the database does not fit this build, nobody is eligible.
   */
  readonly status: 'starting' | 'ready' | 'stale' | 'expired' | 'refused' | 'closed';
  /** Of the snapshot; null before the first. */
  readonly generation: number | null;
  /** Milliseconds since the database last confirmed the snapshot; null before the first. */
  readonly ageMs: number | null;
  /** Does a connection hear of changes (a notification of its own came back)? Otherwise the poll alone finds them. */
  readonly listening: boolean;
  /** The snapshot comes from a read replica, which has no notifications and may be late; left out where it does not. */
  readonly standby?: true;
  readonly controllerStale: boolean;
  /** Sums, stamps and ends that the database has not taken yet. */
  readonly pending: number;
  /** Outcomes that were lost since the start: over `maxPending`, impossible, of no feature, or left at the close. */
  readonly dropped: number;
  /** Subjects whose category is held in memory, and what that costs. */
  readonly subjects: number;
  readonly subjectBytes: number;
  /** Breakers of this process that are not closed; left out where all are. */
  readonly breakers?: readonly OpenBreaker[];
}
