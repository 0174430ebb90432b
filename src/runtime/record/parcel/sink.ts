import type { Parcel } from './batch.ts';
import type { Failure } from './failure.ts';

/** Receiver of outcomes: the database, or a relay that passes them on. */
export interface Sink {
  /** Why no outcomes are accepted; null if they are. */
  readonly refusal: string | null;
  /** Sends a parcel. A repetition under the same id counts once; false: this parcel of sums was already recorded. */
  send(parcel: Parcel): Promise<boolean>;
  /** Classifies the error of a parcel's sending. */
  failureOf(error: unknown): Failure;
  /** Milliseconds of pause requested by this error; 0: none. */
  pauseAfter(error: unknown): number;
  /** Performs rollbacks that other processes left pending; returns how many are left. 0 if the other side does this. */
  tripFuse(): Promise<number>;
}
