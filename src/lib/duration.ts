const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
type Unit = keyof typeof UNITS;

/** Longest duration accepted, in seconds: ten years. */
export const LONGEST_DURATION = 3_650 * UNITS.d;

/** Syntax of a duration in the file and on the command line: a whole number and a unit. */
export const DURATION_PATTERN = /^([1-9]\d{0,8})([smhd])$/;

/**
 * Returns the seconds of a duration such as `90s`, `15m`, `24h` or `7d`.
 *
 * Returns null for anything else: no sign, no fraction, no missing unit, nothing above ten years.
 */
export function parseDuration(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  if (!match) return null;
  const seconds = Number(match[1]) * UNITS[match[2] as Unit];
  return seconds <= LONGEST_DURATION ? seconds : null;
}

/** Returns the shortest text that `parseDuration` reads as the same seconds. */
export function formatDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (seconds > 0 && seconds % UNITS[unit] === 0) return `${seconds / UNITS[unit]}${unit}`;
  }
  return `${seconds}s`;
}

/**
 * Formats a duration for a sentence: `15 minutes`, `24 hours`, `7 days`, `2.5 days`; rounded up to whole minutes, whole
 * hours, or tenths of a day.
 */
export function durationText(seconds: number): string {
  if (seconds < 7_200) return several(Math.ceil(seconds / 60), 'minute');
  if (seconds <= 172_800) return several(Math.ceil(seconds / 3_600), 'hour');
  return several(Math.ceil(seconds / 8_640) / 10, 'day');
}

function several(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
