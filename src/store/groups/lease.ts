import type { Queryable } from '../db/client.ts';
import { holdLease, leaveHeartbeat, releaseLease, takeLease } from '../health/lease.ts';

/** The lease, which allows one tick at a time, and the heartbeat. */
export const leaseOf = (single: Queryable) => ({
  take: (holder: string, seconds: number) => takeLease(single, holder, seconds),
  hold: (holder: string, seconds: number, renewAfterMs?: number) =>
    holdLease(single, holder, seconds, renewAfterMs),
  release: (holder: string) => releaseLease(single, holder),
  leaveHeartbeat: () => leaveHeartbeat(single),
});
