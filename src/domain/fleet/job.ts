/** A job as a fleet of workers runs it. */
export interface FleetJob {
  /** Seconds since the life began. */
  at: number;
  subject: number;
  arm: 'treatment' | 'control';
  fails: boolean;
  /** How long it takes, in seconds. */
  seconds: number;
}

/** Jobs in the order in which they begin. */
export type Fleet = Iterable<FleetJob>;

/** The share of jobs that fail, 0 to 1, of this subject at this second. */
export type FailureRate = (at: number, subject: number) => number;

/** A rate that never changes. */
export function steady(share: number): FailureRate {
  return () => share;
}

/** From this second on jobs fail at another rate. */
export function breaking(before: number, at: number, after: number): FailureRate {
  return (now) => (now >= at ? after : before);
}

/** Something fails this share of what would succeed by itself. */
export function alsoFailing(own: number, share: number): number {
  return own + (1 - own) * share;
}
