import type { Silence } from './wait.ts';

/** How the finished treatment jobs of a step are spread over its soak. */
export interface Spread {
  /** Hours of the soak in which the feature had a job on the day before. */
  expectedHours: number;
  /** Expected hours in which a treatment job finished. */
  heardHours: number;
  /** Seconds from the end of the newest treatment job's window until now; null if no job finished. */
  newestAge: number | null;
}

/** A feature without any finished job. */
export const NOTHING_HEARD: Spread = { expectedHours: 0, heardHours: 0, newestAge: null };

/** Largest age of the newest job, as a part of the soak. */
const NEWEST_PART = 1 / 4;

/** Smallest such limit, in seconds: evidence is kept per quarter of an hour, so a shorter pause means nothing. */
const SHORTEST_SILENCE = 900;

/** Part of the expected hours that must have a job. */
const HEARD_PART = 1 / 2;

/** With fewer expected hours, jobs are too rare to be expected at the same hours of every day. */
const FEWEST_HOURS = 6;

/**
 * Describes why a quiet soak is silence and not health; null if enough jobs finished. `soak` in seconds, 0 if no soak
 * is required.
 *
 * An unused feature, or one whose outcomes are lost, looks as healthy as one without a failure. So jobs must have
 * finished recently, and in the hours that had jobs on the day before.
 */
export function silenceOf({ expectedHours, heardHours, newestAge }: Spread, soak: number): Silence | null {
  if (soak === 0) return null;
  const most = Math.max(SHORTEST_SILENCE, soak * NEWEST_PART);
  if (newestAge === null) return { code: 'no_job_of_step' };
  if (newestAge > most) return { code: 'newest_job_old', age_seconds: newestAge, most_seconds: most };
  if (expectedHours >= FEWEST_HOURS && heardHours < expectedHours * HEARD_PART) {
    return { code: 'silent_hours', heard: heardHours, expected: expectedHours };
  }
  return null;
}
