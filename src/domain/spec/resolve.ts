import { looksLikeName } from './at-most.ts';
import { isOwnerPattern } from './audience/audience.ts';
import { asResolved, type Exposure, exposureOf, type ResolvedExposure, type Spec } from './spec.ts';

/** Maps an `owner/name` of the file to the subject's id; null: no subject has that name. */
export type Resolved = Record<string, string | null>;

export interface Resolution {
  exposure: ResolvedExposure;
  resolved: Resolved;
}

type Listed = Pick<Spec, 'subject' | 'whitelist' | 'blacklist'>;

/** Returns the list entries of a spec that are names; entries for customers are always ids. */
export function namesIn(lists: Listed): string[] {
  if (lists.subject !== 'repository') return [];
  return [...lists.whitelist, ...lists.blacklist].filter(
    (entry) => looksLikeName(entry) && !isOwnerPattern(entry),
  );
}

/** Returns the list entries of a spec that are ids. */
export function idsIn(lists: Listed): string[] {
  const entries = [...lists.whitelist, ...lists.blacklist];
  return lists.subject === 'repository' ? entries.filter((entry) => !looksLikeName(entry)) : entries;
}

/** Folds a name for comparison: GitHub's names are ASCII, and PostgreSQL folds them in the same way. */
export function foldName(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

/**
 * Returns a spec's exposure with `owner/name` replaced by ids.
 *
 * `kept` holds earlier resolutions: an entry keeps its id until it leaves the file, so a new owner of an old name
 * inherits nothing. `known` maps names in lower case to ids. A name without a subject stays as it is. A blacklist keeps
 * the name beside the id, because it also matches the current name.
 */
export function resolveLists(
  spec: Exposure & Listed,
  kept: Resolved,
  known: ReadonlyMap<string, string>,
): Resolution {
  // Compared by the folded name: an entry with changed case is not a new entry.
  const before = new Map(Object.entries(kept).map(([entry, id]) => [foldName(entry), id]));
  // A Map for the lookups: an object of a hundred thousand names is several times slower.
  const owners = new Map<string, string | null>();
  for (const entry of namesIn(spec)) {
    const name = foldName(entry);
    owners.set(entry, before.get(name) ?? known.get(name) ?? null);
  }
  const whitelist = spec.whitelist.map((entry) => owners.get(entry) ?? ownerFolded(entry));
  const blacklist = spec.blacklist.flatMap((entry) =>
    owners.has(entry) ? [owners.get(entry) ?? foldName(entry), foldName(entry)] : [ownerFolded(entry)],
  );
  const resolved: Resolved = Object.assign(Object.create(null), Object.fromEntries(owners));
  const lists = { whitelist: sortedSet(whitelist), blacklist: sortedSet(blacklist) };
  return { exposure: asResolved({ ...exposureOf(spec), ...lists }), resolved };
}

/** Lowercases the owner of an entry: like names, owners are compared case-insensitively. */
export function ownerFolded(entry: string): string {
  return isOwnerPattern(entry) ? foldName(entry) : entry;
}

/**
 * Returns a stored exposure with the names resolved since it was stored: a held state says what may be live, and a name
 * that now has a subject admits neither more nor less than the name did.
 */
export function resolveSince(kept: Exposure, resolved: Resolved): ResolvedExposure {
  const owners = new Map(Object.entries(resolved).map(([entry, id]) => [foldName(entry), id]));
  const ownerOf = (entry: string) => owners.get(foldName(entry)) ?? entry;
  return asResolved({
    ...kept,
    whitelist: sortedSet(kept.whitelist.map(ownerOf)),
    blacklist: sortedSet(kept.blacklist.flatMap((entry) => [entry, ownerOf(entry)])),
  });
}

/** Sorts by code unit and removes duplicates: the form of every list in a spec and in a resolved exposure. */
export function sortedSet<T extends string>(entries: readonly T[]): T[] {
  return [...new Set(entries)].sort();
}
