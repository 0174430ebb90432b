import type { Silence } from './wait.ts';

/** How the finished treatment jobs of a step are spread over its soak. */
export interface Spread {
  /** Hours of the soak in which the feature had a job a day before. */
  expectedHours: number;
  /** Those of them in which a treatment job finished. */
  heardHours: number;
  /** Seconds since the newest treatment job finished, to the end of its window; null where none did. */
  newestAge: number | null;
}

/** Of a feature of which nothing was ever heard. */
export const NOTHING_HEARD: Spread = { expectedHours: 0, heardHours: 0, newestAge: null };

/** The newest job may be this part of the soak old. */
const NEWEST_PART = 1 / 4;

/** And always so many seconds: evidence is kept by the quarter of an hour, and a shorter pause means nothing. */
const SHORTEST_SILENCE = 900;

/** In this part of the expected hours something must have been heard. */
const HEARD_PART = 1 / 2;

/** With fewer, jobs are too rare to be expected in the same hours of every day. */
const FEWEST_HOURS = 6;

/**
 * Why this is silence and no health; null where enough was heard. `soak` in seconds, 0 where nothing has to soak.
 *
 * A feature that nobody uses, or whose outcomes are lost, looks as healthy as one without a failure. What counts is
 * that jobs finished until lately, and in the hours in which there were any a day before.
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
