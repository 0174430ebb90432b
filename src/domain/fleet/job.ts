/** One simulated job. */
export interface FleetJob {
  /** Start in seconds of the simulation. */
  at: number;
  subject: number;
  arm: 'treatment' | 'control';
  fails: boolean;
  /** Duration in seconds. */
  seconds: number;
}

/** Jobs in the order in which they begin. */
export type Fleet = Iterable<FleetJob>;

/** The share of this subject's jobs, 0 to 1, that fail at this second. */
export type FailureRate = (at: number, subject: number) => number;

/** A rate that never changes. */
export function steady(share: number): FailureRate {
  return () => share;
}

/** A failure rate that changes at one second. */
export function breaking(before: number, at: number, after: number): FailureRate {
  return (now) => (now >= at ? after : before);
}

/** Adds a second cause of failure: it fails this share of the jobs that would succeed. */
export function alsoFailing(own: number, share: number): number {
  return own + (1 - own) * share;
}
