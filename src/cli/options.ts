import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../domain/duration.ts';

/** A moment: `2026-11-22`, `2026-11-22T10:15:00Z`, or how long ago: `2h`, `3d`. */
export function momentOption(text: string): Date {
  const ago = parseDuration(text);
  if (ago !== null) return new Date(Date.now() - ago * 1_000);
  const at = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)
    ? new Date(/[Z+]|T.*-/.test(text.slice(10)) || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`)
    : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError(
    'it is a time such as 2026-11-22T10:15:00Z, or how long ago, such as 2h or 3d.',
  );
}

/** A whole number from 1 to 10,000. */
export function limitOption(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError('it is a whole number from 1 to 10000.');
}
