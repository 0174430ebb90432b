import { looksLikeName } from '../../domain/spec/at-most.ts';

/** What two entries share when they mean the same subject: ids as they are, `owner/name` without regard to case. */
export function entryKey(entry: string): string {
  return looksLikeName(entry) ? entry.toLowerCase() : entry;
}

/** A list in the form of a spec: sorted by code unit; of entries that mean the same subject the first stays. */
export function entrySet(entries: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const entry of [...entries].sort()) {
    const key = entryKey(entry);
    if (!byKey.has(key)) byKey.set(key, entry);
  }
  return [...byKey.values()];
}
