import { isDeepStrictEqual } from 'node:util';
import { entryKey } from '../base/entries.ts';
import { isPlainMap, type Plain, type PlainMap } from '../base/tree.ts';
import type { EditValue } from './value.ts';

/** One change of the file. Paths begin at the feature: `['thresholds', 'max_error_rate']`. */
export type Edit =
  /** Sets a value, and creates missing maps around it. In a list of texts, unchanged entries keep their place. */
  | { kind: 'set'; path: readonly string[]; value: EditValue }
  /** Removes a key. */
  | { kind: 'remove'; path: readonly string[] }
  | ListEdit<'whitelist' | 'blacklist' | 'categories'>;

/** Entries of a list to add or remove; `owner/name` is compared case-insensitively, and no entry is added twice. */
export interface ListEdit<List extends string> {
  kind: 'add_entries' | 'remove_entries';
  list: List;
  entries: readonly string[];
}

/** Returns the data after an edit, without changing the given data. */
export function setIn(data: Plain, path: readonly string[], value: Plain | undefined): PlainMap {
  const [key = '', ...rest] = path;
  const copy: PlainMap = Object.assign(Object.create(null), data);
  if (rest.length > 0) copy[key] = setIn(copy[key] ?? null, rest, value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}

export function valueIn(data: Plain | undefined, path: readonly string[]): Plain | undefined {
  let value = data;
  for (const key of path) value = isPlainMap(value) ? value[key] : undefined;
  return value;
}

/** Returns data in the form of a parsed file: maps without prototype. */
export function plain(value: EditValue): Plain {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, EditValue>);
  return Object.assign(Object.create(null), Object.fromEntries(entries.map(([k, v]) => [k, plain(v)])));
}

/** Returns the entries to append: each subject once, and only absent ones. */
export function missingEntries(list: readonly Plain[], entries: readonly string[]): string[] {
  const seen = new Set(list.map((entry) => (typeof entry === 'string' ? entryKey(entry) : null)));
  return entries.filter((entry) => {
    const isNew = !seen.has(entryKey(entry));
    seen.add(entryKey(entry));
    return isNew;
  });
}

/** Returns the indexes of entries that equal one of the given ones. */
export function indexesOf(list: readonly Plain[], entries: readonly string[]): Set<number> {
  const meant = new Set(entries.map(entryKey));
  return indexesWhere(list, (entry) => typeof entry === 'string' && meant.has(entryKey(entry)));
}

/** Returns the indexes of entries that are not wanted, or that repeat a wanted one. */
export function indexesToDrop(list: readonly Plain[], wanted: readonly string[]): Set<number> {
  const rest = new Set(wanted);
  return indexesWhere(list, (entry) => !rest.delete(entry as string));
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

export function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

function indexesWhere(list: readonly Plain[], test: (entry: Plain) => boolean): Set<number> {
  return new Set([...list.keys()].filter((i) => test(list[i] ?? null)));
}
