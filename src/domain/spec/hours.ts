/** Days of the week as the file writes them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The hours of a week in which a raise may happen. */
export interface Hours {
  days: Weekday[];
  /** First minute of the day, HH:MM. */
  from: string;
  /** First minute after the last, HH:MM; `24:00` is the end of the day. */
  to: string;
  /** IANA time zone. */
  zone: string;
}

/** A moment as local time of a zone. */
interface Local {
  /** YYYY-MM-DD */
  day: string;
  weekday: Weekday;
  /** Minutes since midnight. */
  minute: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Converts HH:MM to minutes since midnight. */
export function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

export function isOpen(hours: Hours, at: Date): boolean {
  const { weekday, minute } = localTime(hours.zone, at);
  return hours.days.includes(weekday) && minute >= minuteOf(hours.from) && minute < minuteOf(hours.to);
}

/** Returns the first moment from `at` on that lies in the hours; `at` itself if it does. */
export function openingFrom(hours: Hours, at: Date): Date {
  if (isOpen(hours, at)) return at;
  const from = minuteOf(hours.from);
  const { minute } = localTime(hours.zone, at);
  for (let ahead = minute < from ? 0 : 1; ahead <= 2 * WEEKDAYS.length; ahead++) {
    const opening = openingOn(
      hours,
      new Date(at.getTime() + (ahead * DAY_MINUTES + from - minute) * MINUTE_MS),
    );
    if (opening !== null && opening >= at) return opening;
  }
  return at;
}

/**
 * Returns the first open minute near `nominal`, which is correct unless the clocks change in between; null: that day is
 * not open. Hours that a clock change skips begin with the first minute after it.
 */
function openingOn(hours: Hours, nominal: Date): Date | null {
  const late = localTime(hours.zone, nominal).minute - minuteOf(hours.from);
  const shift = ((late + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;
  const first = Math.floor(nominal.getTime() / MINUTE_MS) - shift;
  for (let minute = first; minute <= first + Math.abs(shift); minute++) {
    const opening = new Date(minute * MINUTE_MS);
    if (isOpen(hours, opening)) return opening;
  }
  return null;
}

/** Returns the local day of `at` in a zone, YYYY-MM-DD. */
export function dayIn(zone: string, at: Date): string {
  return localTime(zone, at).day;
}

/** Is this a zone of the runtime's time zone data? */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

function localTime(zone: string, at: Date): Local {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    weekday: part('weekday').toLowerCase() as Weekday,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Cached, because creating a formatter takes far longer than using it. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  clocks.set(zone, clock);
  return clock;
}
