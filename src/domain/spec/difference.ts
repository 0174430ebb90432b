/** One differing value: its path, and the old and new values. Undefined: absent. */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

/** Are two JSON values equal? Key order is ignored, list order is not. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

/** Returns every value that differs between two records, by its path; a list counts as one value. */
export function differences(before: object, after: object, prefix = ''): Difference[] {
  const left = before as Record<string, unknown>;
  const right = after as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isRecord(left[key]) && isRecord(right[key])) return differences(left[key], right[key], path);
    return same(left[key], right[key]) ? [] : [{ path, before: left[key], after: right[key] }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the entries that are not in `others`. Lists have up to hundreds of thousands of entries, so they are compared
 * by a set.
 */
export function without<T>(entries: readonly T[], others: readonly T[]): T[] {
  const there = new Set(others);
  return entries.filter((entry) => !there.has(entry));
}
