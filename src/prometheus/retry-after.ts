/** Limit of a requested pause, in seconds. */
const LONGEST_PAUSE_SECONDS = 3_600;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = '\\d{2}:\\d{2}:\\d{2}';

/** HTTP dates and their two obsolete forms (RFC 9110, 5.6.7). All are in GMT, which the last form does not state. */
const DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d{2} ${MONTH} \\d{4} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]+day, \\d{2}-${MONTH}-\\d{2} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} ${MONTH} [ \\d]\\d ${TIME} \\d{4}$`),
];

/**
 * Returns the seconds of pause that an answer requests: `Retry-After` in seconds or as a date; 0 if it is neither. A
 * date is compared with the `Date` of the same answer, so that only the engine's clock counts; without `Date` it is
 * ignored.
 */
export function pauseOf(headers: Readonly<Record<string, string | undefined>>): number {
  const after = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d+$/.test(after) ? Number(after) : (dateOf(after) - dateOf(headers.date ?? '')) / 1_000;
  return Number.isNaN(seconds) ? 0 : Math.min(LONGEST_PAUSE_SECONDS, Math.max(0, Math.ceil(seconds)));
}

/**
 * Returns milliseconds since 1970; NaN if it is not an HTTP date. `Date.parse` alone accepts `-5` and `soon 2099` as
 * dates.
 */
function dateOf(text: string): number {
  if (!DATES.some((date) => date.test(text))) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
