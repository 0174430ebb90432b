import { nth } from './dice.ts';

/** Hours as the file writes them. */
export interface WrittenHours {
  days?: readonly string[];
  from?: string;
  to?: string;
  zone?: string;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Minutes ahead of UTC, in zones that never change their clocks: nobody's time zone data is asked. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  'Asia/Kathmandu': 345,
  'Pacific/Kiritimati': 840,
  'America/Phoenix': -420,
};

/** Are these hours open at this moment, in milliseconds since 1970? */
export function isOpenAt(
  { days = DAYS, from = '00:00', to = '24:00', zone = 'UTC' }: WrittenHours,
  at: number,
) {
  const clock = clockIn(zone, at);
  const minute = clock.getUTCHours() * 60 + clock.getUTCMinutes();
  return days.includes(dayOf(clock)) && minutesOf(from) <= minute && minute < minutesOf(to);
}

/** The day that the zone has then, as `YYYY-MM-DD`. */
export function dayIn(zone: string, at: number): string {
  return clockIn(zone, at).toISOString().slice(0, 10);
}

/** Four of seven are closed now: by the day, or by the time of day, which is an hour away from where they open. */
export function hoursAround(n: number, now: number): WrittenHours {
  const zone = nth(Object.keys(ZONES), n) ?? 'UTC';
  const clock = clockIn(zone, now);
  const [today, hour] = [dayOf(clock), clock.getUTCHours()];
  const others = DAYS.filter((day) => day !== today);
  const later = { from: clockText(hour + 2), to: '24:00' };
  const earlier = { from: '00:00', to: clockText(hour) };
  const closed = hour < 22 ? later : earlier;
  const around = { from: clockText(Math.max(0, hour - 1)), to: clockText(Math.min(24, hour + 3)) };
  return {
    zone,
    ...nth<WrittenHours>(
      [
        { days: others },
        { days: [today] },
        closed,
        around,
        { days: others, ...around },
        closed,
        { days: DAYS },
      ],
      n >> 2,
    ),
  };
}

/** The moment as if the clocks of UTC showed what those of the zone do. */
function clockIn(zone: string, at: number): Date {
  const ahead = ZONES[zone];
  if (ahead === undefined) throw new Error(`nobody knows the clocks of ${zone}`);
  return new Date(at + ahead * 60_000);
}

function dayOf(clock: Date): string {
  return DAYS[clock.getUTCDay()] ?? 'sun';
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function clockText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
