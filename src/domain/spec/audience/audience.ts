/** Maps an attribute to the accepted values; values are sorted, without duplicates. */
export type Filter = Readonly<Record<string, readonly string[]>>;

/** Facts of a subject in the registry: its attributes, and for a repository also the owner in its current name. */
export type Facts = Readonly<Record<string, string>>;

/** The attribute of every named repository: the owner in its name, in lower case. */
export const OWNER = 'owner';

/** Filters and groups by facts of the registry; a field is left out if unused. */
export interface Narrowing {
  /** A subject needs one of the values of each of these attributes. */
  where?: Filter;
  /** A subject needs each of these attributes, with none of the values. */
  not?: Filter;
  /** Subjects with the same value of this attribute share a bucket; a subject without it is not in. */
  group_by?: string;
}

/** A narrowing as a page shows it: values that may name people are replaced by their number. */
export interface ShownNarrowing {
  where?: Readonly<Record<string, readonly string[] | number>>;
  not?: Readonly<Record<string, readonly string[] | number>>;
  group_by?: string;
}

/** Replaces the values of a narrowing by their number. */
export function withoutValues({ where, not, group_by }: Narrowing): ShownNarrowing {
  const counted = (filter: Filter) =>
    Object.fromEntries(Object.entries(filter).map(([attribute, values]) => [attribute, values.length]));
  return {
    ...(where === undefined ? {} : { where: counted(where) }),
    ...(not === undefined ? {} : { not: counted(not) }),
    ...(group_by === undefined ? {} : { group_by }),
  };
}

/** Picks the narrowing's present fields. */
export function narrowingOf({
  where,
  not,
  group_by,
}: {
  [Field in keyof Narrowing]: Narrowing[Field] | undefined;
}): Narrowing {
  return {
    ...(where === undefined ? {} : { where }),
    ...(not === undefined ? {} : { not }),
    ...(group_by === undefined ? {} : { group_by }),
  };
}

export function isNarrowed({ where, not, group_by }: Narrowing): boolean {
  return where !== undefined || not !== undefined || group_by !== undefined;
}

const NO_ATTRIBUTES: readonly string[] = [];

/** Returns the attributes that a narrowing uses, sorted. */
export function attributesOf(narrowing: Narrowing): readonly string[] {
  // Shortcut for nearly every feature: all features are asked whenever one changes.
  if (!isNarrowed(narrowing)) return NO_ATTRIBUTES;
  const { where, not, group_by } = narrowing;
  const asked = [...Object.keys(where ?? {}), ...Object.keys(not ?? {})];
  return [...new Set(group_by === undefined ? asked : [...asked, group_by])].sort();
}

/** Returns why a subject with these facts is not in, whatever its bucket; null: nothing excludes it. */
export function narrowedOut(
  narrowing: Narrowing,
  facts: Facts | null,
): 'unknown_attribute' | 'attribute' | null {
  if (!isNarrowed(narrowing)) return null;
  const has = (attribute: string) => facts !== null && Object.hasOwn(facts, attribute);
  if (!attributesOf(narrowing).every(has)) return 'unknown_attribute';
  const { where = {}, not = {} } = narrowing;
  const isOneOf = ([attribute, values]: [string, readonly string[]]) =>
    values.includes(facts?.[attribute] ?? '');
  return Object.entries(where).every(isOneOf) && !Object.entries(not).some(isOneOf) ? null : 'attribute';
}

/**
 * Does `b` admit every subject that `a` admits, whatever the registry has? True is a proof; buckets, which `group_by`
 * affects, are not considered.
 */
export function narrowsAtMost(a: Narrowing, b: Narrowing): boolean {
  return (
    Object.entries(b.where ?? {}).every(([attribute, values]) => {
      const possible = possibleValues(a, attribute);
      return possible?.every((value) => values.includes(value)) ?? false;
    }) &&
    Object.entries(b.not ?? {}).every(([attribute, values]) => excludes(a, attribute, values)) &&
    (b.group_by === undefined || attributesOf(a).includes(b.group_by))
  );
}

/** The values that `where` and `not` leave; null: any value, or no value at all. */
function possibleValues({ where, not }: Narrowing, attribute: string): string[] | null {
  const values = valuesFor(where, attribute);
  if (values === null) return null;
  const excluded = valuesFor(not, attribute) ?? [];
  return values.filter((value) => !excluded.includes(value));
}

/** Does `a` require the attribute, with none of these values? */
function excludes(a: Narrowing, attribute: string, values: readonly string[]): boolean {
  const possible = possibleValues(a, attribute);
  if (possible !== null) return !possible.some((value) => values.includes(value));
  const excluded = valuesFor(a.not, attribute);
  return excluded !== null && values.every((value) => excluded.includes(value));
}

function valuesFor(filter: Filter | undefined, attribute: string): readonly string[] | null {
  return filter !== undefined && Object.hasOwn(filter, attribute) ? (filter[attribute] ?? null) : null;
}

/** Is this `acme/*`, an entry that stands for all repositories of an owner? */
export function isOwnerPattern(entry: string): boolean {
  return entry.endsWith('/*') && entry.indexOf('/') === entry.length - 2 && entry.length > 2;
}

/** Returns the entry that matches all repositories of the subject's owner; null: it has no owner. */
export function ownerPatternOf(facts: Facts | null): string | null {
  return facts !== null && Object.hasOwn(facts, OWNER) ? `${facts[OWNER]}/*` : null;
}

/** Does a decision need facts of the registry besides the category? */
export function asksForFacts({
  whitelist,
  blacklist,
  ...narrowing
}: Narrowing & { whitelist: readonly string[]; blacklist: readonly string[] }): boolean {
  return isNarrowed(narrowing) || whitelist.some(isOwnerPattern) || blacklist.some(isOwnerPattern);
}
