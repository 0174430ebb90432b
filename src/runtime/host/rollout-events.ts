export interface ChangeEvent {
  /** Features whose row changed; every one of them when everything was stopped, or was read for the first time. */
  readonly features: readonly string[];
  readonly generation: number;
}

export interface StaleEvent {
  /** Milliseconds since the database last confirmed the snapshot. */
  readonly ageMs: number;
  /** `maxStaleMs` is over: nobody is eligible. */
  readonly expired: boolean;
}

export interface OtherHistoryEvent {
  /** Generation up to which the history that is gone was known. */
  readonly before: number;
  /** Generation of what was read instead. */
  readonly generation: number;
}

export interface ControllerStaleEvent {
  /** When a tick last ended. */
  readonly heartbeatAt: Date;
}

export interface RolloutEvents {
  /** The snapshot is another one. */
  change: ChangeEvent;
  /** The database answers again, or for the first time. */
  ready: { readonly generation: number };
  /** The database does not answer; once when that begins, once when `maxStaleMs` is over. */
  stale: StaleEvent;
  /** The database was restored, or a fail-over lost changes: everything was read anew, and decisions follow that. */
  other_history: OtherHistoryEvent;
  /** Something did not work that is tried again, or was given up; nothing is thrown. */
  error: Error;
  /** No tick for three intervals: nobody judges health, nothing is rolled back by itself. */
  controller_stale: ControllerStaleEvent;
  /** A processor fails in this process and its jobs go to the fallback, or it works again. */
  breaker: BreakerEvent;
}

/** A breaker (`routing.breaker`) of this process has changed. */
export interface BreakerEvent {
  readonly feature: string;
  readonly processor: string;
  /** `open`: its jobs go to the fallback. `half_open`: one probes it. `closed`: all go to it. */
  readonly state: 'closed' | 'open' | 'half_open';
}

export interface OpenBreaker extends BreakerEvent {
  readonly state: 'open' | 'half_open';
}
