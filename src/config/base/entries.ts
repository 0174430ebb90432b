import { looksLikeName } from '../../domain/spec/at-most.ts';

/** Returns a key that is equal for entries of the same subject: ids as they are, `owner/name` case-insensitively. */
export function entryKey(entry: string): string {
  return looksLikeName(entry) ? entry.toLowerCase() : entry;
}

/**
 * Returns a list in the form of a spec: sorted by code unit; the first of several entries for the same subject stays.
 */
export function entrySet(entries: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const entry of [...entries].sort()) {
    const key = entryKey(entry);
    if (!byKey.has(key)) byKey.set(key, entry);
  }
  return [...byKey.values()];
}
