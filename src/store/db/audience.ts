import { isOwnerPattern, type Narrowing, narrowingOf } from '../../domain/spec/audience/audience.ts';
import type { Exposure } from '../../domain/spec/spec.ts';
import { STRATEGIES, type Strategy } from '../../domain/spec/vocabulary.ts';

/**
 * The column `audience`: the part of an exposure that an older library would not understand. Such a library reads
 * `rollout_strategy`, which beside an audience is always `whitelist`, so it admits at most the ids of the whitelist. It
 * does not see owners in the blacklist, and admits a whitelisted id that belongs to one.
 */
export interface Audience extends Narrowing {
  strategy: Strategy;
  /** Owners, as `acme/*`. */
  whitelist?: readonly string[];
  /** Owners, as `acme/*`. */
  blacklist?: readonly string[];
}

type Listed = Pick<Exposure, 'strategy' | 'whitelist' | 'blacklist'>;

/** The columns of this exposure, besides those that equal its fields. */
export interface AudienceColumns extends Listed {
  audience: Audience | null;
}

const FIELDS: ReadonlySet<string> = new Set<keyof Audience>([
  'strategy',
  'where',
  'not',
  'group_by',
  'whitelist',
  'blacklist',
]);

export function audienceColumns(exposure: Listed & Narrowing): AudienceColumns {
  const { strategy } = exposure;
  const owners = (list: 'whitelist' | 'blacklist') => {
    const entries = exposure[list].filter(isOwnerPattern);
    return entries.length === 0 ? {} : { [list]: entries };
  };
  const found = { ...narrowingOf(exposure), ...owners('whitelist'), ...owners('blacklist') };
  if (Object.keys(found).length === 0) {
    return { strategy, whitelist: exposure.whitelist, blacklist: exposure.blacklist, audience: null };
  }
  const others = (entries: readonly string[]) => entries.filter((entry) => !isOwnerPattern(entry));
  return {
    strategy: 'whitelist',
    whitelist: others(exposure.whitelist),
    blacklist: others(exposure.blacklist),
    audience: { strategy, ...found },
  };
}

/**
 * Reads the exposure from these columns as SQL decides by them: an owner counts in the audience alone. One that SQL by
 * hand wrote among the ids stands for no subject; see `hasStrayOwner`.
 */
export function fromAudienceColumns({ strategy, audience, ...ids }: AudienceColumns): Listed & Narrowing {
  const [whitelist, blacklist] = [withoutOwners(ids.whitelist), withoutOwners(ids.blacklist)];
  if (audience === null) return { strategy, whitelist, blacklist };
  return {
    strategy: audience.strategy,
    whitelist: [...whitelist, ...(audience.whitelist ?? [])],
    blacklist: [...blacklist, ...(audience.blacklist ?? [])],
    ...narrowingOf(audience),
  };
}

function withoutOwners(ids: readonly string[]): string[] {
  return ids.filter((entry) => !isOwnerPattern(entry));
}

/** Does a column of ids hold an owner, which only SQL by hand writes there? */
export function hasStrayOwner(ids: readonly string[]): boolean {
  return ids.some(isOwnerPattern);
}

/** Does this program know every part of the audience? An unknown part may exclude somebody. */
export function isUnderstood(audience: Audience | null): boolean {
  return (
    audience === null ||
    (Object.keys(audience).every((key) => FIELDS.has(key)) && STRATEGIES.includes(audience.strategy))
  );
}
