/** Milliseconds. */
const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Seconds. */
export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Returns minutes since 1970, with a fraction. */
export function minuteOf(at: Date): number {
  return at.getTime() / MINUTE_MS;
}

/** Returns the whole minutes since 1970. */
export function wholeMinuteOf(at: Date): number {
  return Math.floor(minuteOf(at));
}

/** Returns the time of a minute since 1970. */
export function atMinute(minute: number): Date {
  return new Date(minute * MINUTE_MS);
}

/** Returns the seconds from one time to another; negative if the second is earlier. */
export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1_000;
}
