import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { quoted } from '../../lib/text.ts';
import type { Request } from './context.ts';

/** Throws `usage` for an unknown parameter: a misspelled filter must not be ignored. */
export function onlyKnown(c: Request, names: readonly string[]): void {
  const unknown = Object.keys(c.req.query()).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new RolloutError('usage', `the query has ${quoted(unknown)}, which ${c.req.path} does not know`, {
    hint: names.length === 0 ? 'it takes no parameters' : `there are ${names.join(', ')}`,
  });
}

/** Returns a whole number of the query string, or the default if it is absent. Throws `usage`. */
export function wholeNumber(c: Request, name: string, most: number, otherwise: number): number;
export function wholeNumber(c: Request, name: string, most: number): number | undefined;
export function wholeNumber(c: Request, name: string, most: number, otherwise?: number): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return otherwise;
  const value = plainNumber(text);
  if (value !== null && value >= 1 && value <= most) return value;
  throw new RolloutError(
    'usage',
    `?${name}=${quoted(text)} is not a whole number from 1 to ${most}${plainHint(text)}`,
  );
}

/** Returns one of some words from the query string. Throws `usage`. */
export function word<T extends string>(c: Request, name: string, words: readonly T[]): T | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const known = words.find((one) => one === text);
  if (known !== undefined) return known;
  throw new RolloutError('usage', `?${name}=${quoted(text)} is none of ${words.join(', ')}`);
}
