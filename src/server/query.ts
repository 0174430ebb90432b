import { quoted } from '../domain/text.ts';
import { RolloutError } from '../errors.ts';
import type { Request } from './context.ts';

/** A whole number of the query string, or what is meant where it is left out. Throws `usage`. */
export function wholeNumber(c: Request, name: string, most: number, otherwise: number): number;
export function wholeNumber(c: Request, name: string, most: number): number | undefined;
export function wholeNumber(c: Request, name: string, most: number, otherwise?: number): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new RolloutError('usage', `?${name}=${quoted(text)} is no whole number from 1 to ${most}`);
}

/** One of some words of the query string. Throws `usage`. */
export function word<T extends string>(c: Request, name: string, words: readonly T[]): T | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const known = words.find((one) => one === text);
  if (known !== undefined) return known;
  throw new RolloutError('usage', `?${name}=${quoted(text)} is none of ${words.join(', ')}`);
}
