import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../lib/duration.ts';
import type { Moment } from '../../lib/moment.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';

/**
 * Parses a moment: `2026-11-22`, `2026-11-22T10:15:00Z`, `2026-11-22 10:15 UTC` as in the printed tables, or an age:
 * `2h`.
 */
export function momentOption(text: string): Moment {
  const ago = parseDuration(text);
  if (ago !== null) return { secondsAgo: ago };
  const [, day = '', time = '00:00', zone] = MOMENT.exec(text) ?? [];
  const at = new Date(`${day}T${time}${zone?.replace(' UTC', 'Z') ?? 'Z'}`);
  // JavaScript reads February 31 as March 3.
  if (Number.isNaN(at.getTime()) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new InvalidArgumentError(
      'it is a time such as 2026-11-22T10:15:00Z, or how long ago, such as 2h or 3d.',
    );
  }
  return at;
}

/** Day, time of day and zone; UTC if there is no zone. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z| UTC|[+-]\d{2}:\d{2})?)?$/;

/** Parses the number of a history row. */
export function rowOption(text: string): number {
  const row = plainNumber(text);
  if (row !== null && row >= 1) return row;
  throw new InvalidArgumentError(`it must be the number of a row, such as 120${plainHint(text)}.`);
}

/** Parses the number of the last known history row, or a moment. */
export function sinceOption(text: string): number | Moment {
  return plainNumber(text) ?? momentOption(text);
}

/** Parses a commit, whole or abbreviated. */
export function commitOption(text: string): string {
  if (/^[0-9a-f]{7,64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('it is a commit: 7 to 64 hexadecimal digits.');
}

/** Parses a digest of history. */
export function digestOption(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text;
  throw new InvalidArgumentError(
    'it must be 64 hexadecimal digits, as `rollout history --json` and commit trailers show them.',
  );
}

/** Parses a whole number within these bounds; `what` is its unit, such as `days`. */
export function wholeOption(least: number, most: number, what = ''): (text: string) => number {
  const wanted = `a whole number from ${least} to ${most}${what === '' ? '' : ` ${what}`}`;
  return (text) => {
    const value = plainNumber(text);
    if (value !== null && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`it must be ${wanted}${plainHint(text)}.`);
  };
}

/** A whole number from 1 to 10,000. */
export const limitOption = wholeOption(1, 10_000);

/** For commands beside somebody's clone: the checked-out branch and local edits are ignored. */
export const FOLLOW = [
  '--follow',
  'in a clone: fetch first and take the file of the default branch of origin',
] as const;
