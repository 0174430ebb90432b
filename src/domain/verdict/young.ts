import type { StoredSlice } from '../score/stored-slice.ts';
import { WINDOW_SECONDS } from '../score/window.ts';

/** What is known of how long successful jobs take: of control and of earlier epochs where there are enough. */
export interface Durations {
  /** Successes whose time is known, and their mean. */
  timed: number;
  meanSeconds: number;
}

/** Fewer timed successes than these say nothing of how long jobs take. */
export const LEAST_TIMED = 30;
/** Fewer timed successes than these are not even a guess. */
const LEAST_GUESSED = 5;
/** Where no job was ever reported with a time, and nobody can know; and at least, where there is a guess. */
const TIMELESS_SECONDS = 900;
/** Where jobs have times, and too few successes have ended yet: failures say nothing of how long a success takes. */
const UNKNOWN_SECONDS = 3 * 3600;

/** The 95th percentile of times that are log-normal with a spread of 1 is 3.1 times their mean. */
const LATE_OVER_MEAN = 3.1;

/** Share of the jobs whose routing is recorded from which on starts are known. */
const MOSTLY = 0.9;

/** How an epoch that is young is judged. */
export interface Youth {
  /** Until this moment, in seconds since 1970, what ends says nothing of the jobs that have not ended. */
  until: number;
  /** Is that because of times that are known? Then what ended before it is never judged. */
  known: boolean;
}

/**
 * Failures end in seconds and successes take their time, so those that end first say nothing of the rest: an epoch is
 * judged by what ends from the moment on at which most jobs that began with it have ended. Null where routing shows
 * what began: then every job counts as not failed from its start, and nothing has to be waited for.
 */
export function youthOf(
  startedAt: number,
  { timed, meanSeconds }: Durations,
  treatment: { begun: number; finished: number },
  timeless: boolean,
): Youth | null {
  if (treatment.begun > 0 && treatment.begun >= MOSTLY * treatment.finished) return null;
  const known = timed >= LEAST_TIMED;
  const late = LATE_OVER_MEAN * meanSeconds;
  if (known) return { until: startedAt + late, known };
  const unknown = timeless ? TIMELESS_SECONDS : UNKNOWN_SECONDS;
  return {
    until: startedAt + (timed >= LEAST_GUESSED ? Math.max(TIMELESS_SECONDS, late) : unknown),
    known,
  };
}

/** Does more than half of what this window has of the epoch lie before the epoch was old enough? */
export function isTooYoung(windowStartedAt: number, until: number, startedAt: number): boolean {
  const end = windowStartedAt + WINDOW_SECONDS;
  return end > startedAt && (Math.max(windowStartedAt, startedAt) + end) / 2 < until;
}

/**
 * The same slices with the jobs that must have begun beside those that ended, as control's jobs say: `startsPerControl`
 * is how many jobs of treatment begin for one of control. What is missing counts as not failed.
 */
export function padded(slices: readonly StoredSlice[], startsPerControl: number): StoredSlice[] {
  return slices.map((slice) => {
    const missing = Math.max(0, slice.controlJobs * startsPerControl - slice.jobs);
    return { ...slice, spans: slice.spans + missing, jobs: slice.jobs + missing };
  });
}
