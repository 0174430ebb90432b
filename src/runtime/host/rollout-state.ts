import type { OpenBreaker } from './rollout-events.ts';

export interface RolloutState {
  /**
   * `starting`: no snapshot yet. `stale`: decisions continue from the last one. `expired`: nobody is eligible.
   * `refused`: the database does not fit this build, nobody is eligible.
   */
  readonly status: 'starting' | 'ready' | 'stale' | 'expired' | 'refused' | 'closed';
  /** Generation of the snapshot; null before the first one. */
  readonly generation: number | null;
  /** Milliseconds since the database last confirmed the snapshot; null before the first. */
  readonly ageMs: number | null;
  /**
   * True: a connection receives notifications of changes (an echo came back). False: changes are found only by polling.
   */
  readonly listening: boolean;
  /** The snapshot comes from a read replica, which has no notifications and may be late; left out otherwise. */
  readonly standby?: true;
  readonly controllerStale: boolean;
  /** Sums, stamps and ends that the database has not accepted yet. */
  readonly pending: number;
  /** Outcomes lost since the start: over `maxPending`, impossible, of an unknown feature, or left at the close. */
  readonly dropped: number;
  /** Subjects whose category is held in memory, and the bytes that they take. */
  readonly subjects: number;
  readonly subjectBytes: number;
  /** Breakers of this process that are not closed; left out if all are closed. */
  readonly breakers?: readonly OpenBreaker[];
}
