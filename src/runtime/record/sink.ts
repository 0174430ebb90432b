import type { Parcel } from './batch.ts';
import type { Failure } from './failure.ts';

/** Where outcomes go: the database, or a relay that hands them on to it. */
export interface Sink {
  /** Why nothing is taken at all; null where it is. */
  readonly refusal: string | null;
  /** Sends a parcel. Sent again under the same id it counts once; false: this one of sums had come before. */
  send(parcel: Parcel): Promise<boolean>;
  /** Result of a parcel whose sending threw this error. */
  failureOf(error: unknown): Failure;
  /** Milliseconds for which nothing more should be sent after this error; 0 where nobody asked for a pause. */
  pauseAfter(error: unknown): number;
  /** Acts on failures that another process left to be acted on; how many are left. 0 where the other side does it. */
  tripFuse(): Promise<number>;
}
