import { type Hours, WEEKDAYS } from '../../domain/spec/hours.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { HoursEntry } from '../base/schema-types.ts';

export function fillHours({ days, from, to, zone }: HoursEntry): Hours {
  return {
    days: WEEKDAYS.filter((day) => days?.includes(day) ?? true),
    from: from ?? '00:00',
    to: to ?? '24:00',
    zone: zone ?? 'UTC',
  };
}

/** Returns the seconds of a duration that the schema accepted; throws if it cannot be read. */
export function seconds(text: string): number {
  const value = parseDuration(text);
  if (value === null) throw new Error(`a duration that was checked cannot be read: ${text}`);
  return value;
}
