import type { StoredSlice } from '../score/stored-slice.ts';
import { WINDOW_SECONDS } from '../score/window.ts';

/** Durations of successful jobs: of control and of earlier epochs if they have enough jobs. */
export interface Durations {
  /** Successes of known duration, and their mean. */
  timed: number;
  meanSeconds: number;
}

/** With fewer timed successes, durations are unknown. */
export const LEAST_TIMED = 30;
/** With fewer timed successes, they cannot even be estimated. */
const LEAST_GUESSED = 5;
/** Waiting time in seconds if no job ever reported a duration; and the minimum of an estimate. */
const TIMELESS_SECONDS = 900;
/**
 * Waiting time in seconds if jobs have durations but too few successes have ended: failures do not show how long a
 * success takes.
 */
const UNKNOWN_SECONDS = 3 * 3600;

/** The 95th percentile of log-normal durations with a spread of 1 is 3.1 times their mean. */
const LATE_OVER_MEAN = 3.1;

/** Share of jobs with recorded routing from which on their starts count as known. */
const MOSTLY = 0.9;

/** How a young epoch is judged. */
export interface Youth {
  /** Until this moment, in seconds since 1970, finished jobs do not represent the unfinished ones. */
  until: number;
  /** True: the moment comes from known durations. Then jobs that ended before it are never judged. */
  known: boolean;
}

/**
 * Returns how a young epoch is judged. Failures end in seconds and successes take longer, so the first ended jobs do
 * not represent the others: an epoch is judged by jobs that end after most of its first jobs have ended. Null if
 * routing shows what began: then every job counts as not failed from its start, and no waiting is needed.
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

/** Does more than half of this window's part of the epoch lie before the epoch was old enough? */
export function isTooYoung(windowStartedAt: number, until: number, startedAt: number): boolean {
  const end = windowStartedAt + WINDOW_SECONDS;
  return end > startedAt && (Math.max(windowStartedAt, startedAt) + end) / 2 < until;
}

/**
 * Returns the beginning of the first window that is not too young, in seconds since 1970; null if none is left out.
 */
export function judgedFrom(youth: Youth | null, startedAt: number): number | null {
  if (!youth?.known) return null;
  const first = Math.floor(startedAt / WINDOW_SECONDS) * WINDOW_SECONDS;
  if (!isTooYoung(first, youth.until, startedAt)) return first;
  return Math.ceil((youth.until - WINDOW_SECONDS / 2) / WINDOW_SECONDS) * WINDOW_SECONDS;
}

/**
 * Adds the jobs that must have begun to these slices, by control's jobs: `startsPerControl` treatment jobs begin for
 * each control job. Missing jobs count as not failed.
 */
export function padded(slices: readonly StoredSlice[], startsPerControl: number): StoredSlice[] {
  return slices.map((slice) => {
    const missing = Math.max(0, slice.controlJobs * startsPerControl - slice.jobs);
    return { ...slice, spans: slice.spans + missing, jobs: slice.jobs + missing };
  });
}
