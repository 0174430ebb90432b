import { looksLikeName } from './at-most.ts';
import { isOwnerPattern } from './audience/audience.ts';
import { asResolved, type Exposure, exposureOf, type ResolvedExposure, type Spec } from './spec.ts';

/** `owner/name` as written in the file -> the subject's id, or null where no subject has that name. */
export type Resolved = Record<string, string | null>;

export interface Resolution {
  exposure: ResolvedExposure;
  resolved: Resolved;
}

type Listed = Pick<Spec, 'subject' | 'whitelist' | 'blacklist'>;

/** The entries of a spec's lists that are names. Customers have none. */
export function namesIn(lists: Listed): string[] {
  if (lists.subject !== 'repository') return [];
  return [...lists.whitelist, ...lists.blacklist].filter(
    (entry) => looksLikeName(entry) && !isOwnerPattern(entry),
  );
}

/** The entries of a spec's lists that are ids. */
export function idsIn(lists: Listed): string[] {
  const entries = [...lists.whitelist, ...lists.blacklist];
  return lists.subject === 'repository' ? entries.filter((entry) => !looksLikeName(entry)) : entries;
}

/** A name in the form in which names are compared: GitHub's are ASCII, and PostgreSQL folds them the same way. */
export function foldName(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

/**
 * A spec's exposure with `owner/name` replaced by ids.
 *
 * `kept` holds what was resolved before: an entry keeps its id until it leaves the file, so a new owner of an
 * old name inherits nothing. `known` maps names in lower case to ids. A name that nobody has stays as it is.
 * A blacklist keeps the name beside the id, because it also matches the current name.
 */
export function resolveLists(
  spec: Exposure & Listed,
  kept: Resolved,
  known: ReadonlyMap<string, string>,
): Resolution {
  // By the folded name: writing an entry in another case is not a new entry.
  const before = new Map(Object.entries(kept).map(([entry, id]) => [foldName(entry), id]));
  // A map while they are looked up: an object of a hundred thousand names is several times slower.
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

/** An owner, like a name, is compared without regard to case. */
export function ownerFolded(entry: string): string {
  return isOwnerPattern(entry) ? foldName(entry) : entry;
}

/**
 * An exposure as the database kept it, with the names that have found an owner since: a held state says what may be live,
 * and a name that is somebody's now is neither more nor less than the name was.
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

/** Sorted by code unit, without duplicates: the form of every list in a spec and in a resolved exposure. */
export function sortedSet<T extends string>(entries: readonly T[]): T[] {
  return [...new Set(entries)].sort();
}
