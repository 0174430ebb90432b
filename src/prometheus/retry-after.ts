/** An engine that wants to be left alone for longer is asked again after an hour all the same. */
const LONGEST_PAUSE_SECONDS = 3_600;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = '\\d{2}:\\d{2}:\\d{2}';

/** The date of HTTP and its two obsolete forms (RFC 9110, 5.6.7). All are in GMT, and the last one does not say so. */
const DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d{2} ${MONTH} \\d{4} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]+day, \\d{2}-${MONTH}-\\d{2} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} ${MONTH} [ \\d]\\d ${TIME} \\d{4}$`),
];

/**
 * Seconds for which an answer asks not to be asked again: `Retry-After` in seconds or as a date; 0 where it is neither. A
 * date is held against the `Date` of the same answer, so that no clock but the engine's counts; without one it says nothing.
 */
export function pauseOf(headers: Readonly<Record<string, string | undefined>>): number {
  const after = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d+$/.test(after) ? Number(after) : (dateOf(after) - dateOf(headers.date ?? '')) / 1_000;
  return Number.isNaN(seconds) ? 0 : Math.min(LONGEST_PAUSE_SECONDS, Math.max(0, Math.ceil(seconds)));
}

/** Milliseconds since 1970; NaN where it is no date of HTTP. `Date.parse` alone takes `-5` and `soon 2099` for dates. */
function dateOf(text: string): number {
  if (!DATES.some((date) => date.test(text))) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
