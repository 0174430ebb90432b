export interface ChangeEvent {
  /** Features whose row changed; all of them after a global stop or the first reading. */
  readonly features: readonly string[];
  readonly generation: number;
}

export interface StaleEvent {
  /** Milliseconds since the database last confirmed the snapshot. */
  readonly ageMs: number;
  /** True: `maxStaleMs` has passed, so nobody is eligible. */
  readonly expired: boolean;
}

export interface OtherHistoryEvent {
  /** Last known generation of the lost history. */
  readonly before: number;
  /** Generation of the history that was read instead. */
  readonly generation: number;
}

export interface ControllerStaleEvent {
  /** When a tick last ended. */
  readonly heartbeatAt: Date;
}

export interface RolloutEvents {
  /** The snapshot changed. */
  change: ChangeEvent;
  /** The database answers again, or for the first time. */
  ready: { readonly generation: number };
  /** The database does not answer; emitted when that begins, and when `maxStaleMs` has passed. */
  stale: StaleEvent;
  /** The database was restored, or a fail-over lost changes: everything was read again, and decisions follow that. */
  other_history: OtherHistoryEvent;
  /** A failure that is retried or was given up; nothing is thrown. */
  error: Error;
  /** No tick for three intervals: nobody judges health, and nothing is rolled back automatically. */
  controller_stale: ControllerStaleEvent;
  /** A processor fails in this process and its jobs go to the fallback, or it works again. */
  breaker: BreakerEvent;
}

/** A breaker (`routing.breaker`) of this process has changed. */
export interface BreakerEvent {
  readonly feature: string;
  readonly processor: string;
  /** `open`: its jobs go to the fallback. `half_open`: one job probes it. `closed`: all jobs go to it. */
  readonly state: 'closed' | 'open' | 'half_open';
}

export interface OpenBreaker extends BreakerEvent {
  readonly state: 'open' | 'half_open';
}
