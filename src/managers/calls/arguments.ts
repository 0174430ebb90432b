import { RolloutError } from '../../errors.ts';
import { harmless, oneOf, quoted } from '../../lib/text.ts';

/** Kind of an argument: the words that follow "it must be", and the reader of a value. */
export interface Kind<T> {
  words: string;
  /** Returns the value; throws `Misfit` if it is of another kind. */
  read(value: unknown, path: string): T;
}

type Shape = Readonly<Record<string, Kind<unknown>>>;
type Values<S extends Shape> = { [K in keyof S]: S[K] extends Kind<infer T> ? T : never };

/**
 * Reads the arguments of one public method, in the order of `shape`. Every method reads its arguments here, so none is
 * ignored or confused with another: a missing, additional, misspelled or mistyped one throws `usage`.
 */
export function readArguments<S extends Shape>(
  method: string,
  given: readonly unknown[],
  shape: S,
): Values<S> {
  const names = Object.keys(shape);
  const additional = given.slice(names.length).findIndex((value) => value !== undefined);
  if (additional >= 0) {
    const shown = shownValue(given[names.length + additional]);
    throw new RolloutError(
      'usage',
      `${method} does not take argument ${names.length + additional + 1}: ${shown}`,
      {
        hint: names.length === 0 ? 'it takes no arguments' : `it takes ${names.join(', ')}`,
      },
    );
  }
  try {
    return Object.fromEntries(
      Object.entries(shape).map(([name, kind], index) => [name, kind.read(given[index], name)]),
    ) as Values<S>;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new RolloutError('usage', `${method}: ${error.message}`, { hint: error.hint });
  }
}

/** A value of the wrong kind. */
class Misfit extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Builds a kind from a check; the value is returned unchanged. `rule` is the broken rule, to follow the value's name.
 */
export function kind<T>(
  words: string,
  fits: (value: unknown) => value is T,
  rule: (value: unknown) => string | null = () => null,
): Kind<T> {
  return {
    words,
    read: (value, path) => {
      if (fits(value)) return value;
      const found = value === undefined ? 'is missing' : `is ${shownValue(value)}`;
      throw new Misfit(`${path} ${found}`, `${path} ${rule(value) ?? `must be ${words}`}`);
    },
  };
}

/** Makes a kind optional; `instead` is the default. */
export function optional<T>(of: Kind<T>): Kind<T | undefined>;
export function optional<T>(of: Kind<T>, instead: T): Kind<T>;
export function optional<T>(of: Kind<T>, instead?: T): Kind<T | undefined> {
  return {
    words: of.words,
    read: (value, path) => (value === undefined ? instead : of.read(value, path)),
  };
}

export function listOf<T>(of: Kind<T>): Kind<T[]> {
  const words = `a list, each entry ${of.words}`;
  return {
    words,
    read: (value, path) => {
      if (!Array.isArray(value)) return kind(words, Array.isArray).read(value, path);
      return value.map((entry, index) => of.read(entry, `${path}[${index}]`));
    },
  };
}

/** Accepts a single value or a list. */
export function oneOrMore<T>(of: Kind<T>): Kind<T[]> {
  const list = listOf(of);
  return {
    words: `${of.words}, or a list`,
    read: (value, path) => (Array.isArray(value) ? list.read(value, path) : [of.read(value, path)]),
  };
}

/** Accepts one of these words. */
export function wordOf<T extends string>(words: readonly T[]): Kind<T> {
  return kind(oneOf(words), (value): value is T => (words as readonly unknown[]).includes(value));
}

/** Accepts an object with only these fields. */
export function fieldsOf<S extends Shape>(shape: S): Kind<Values<S>> {
  const names = Object.keys(shape);
  const words = `an object with ${names.join(', ')}`;
  return {
    words,
    read: (value, path) => {
      const object = kind(words, isPlainObject).read(value, path);
      const unknown = Object.keys(object).find((name) => !Object.hasOwn(shape, name));
      if (unknown !== undefined) {
        throw new Misfit(
          `${path} has an unknown field ${quoted(unknown)}`,
          `its fields are ${names.join(', ')}`,
        );
      }
      return Object.fromEntries(
        Object.entries(shape).map(([name, of]) => [name, of.read(object[name], `${path}.${name}`)]),
      ) as Values<S>;
    },
  };
}

/** Is this a plain object, as from JSON or a literal, without a class? */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Formats a value for a message; contents of objects are hidden, because they may be secret. */
function shownValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : harmless(String(value));
}
