import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { quoted } from '../../lib/text.ts';
import type { Request } from './context.ts';

/** Throws `usage` for a parameter that is none of these: a misspelled filter must not be as if nothing was asked. */
export function onlyKnown(c: Request, names: readonly string[]): void {
  const unknown = Object.keys(c.req.query()).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new RolloutError('usage', `the query has ${quoted(unknown)}, which ${c.req.path} does not know`, {
    hint: names.length === 0 ? 'it takes no parameters' : `there are ${names.join(', ')}`,
  });
}

/** A whole number of the query string, or what is meant where it is left out. Throws `usage`. */
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

/** One of some words of the query string. Throws `usage`. */
export function word<T extends string>(c: Request, name: string, words: readonly T[]): T | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const known = words.find((one) => one === text);
  if (known !== undefined) return known;
  throw new RolloutError('usage', `?${name}=${quoted(text)} is none of ${words.join(', ')}`);
}
