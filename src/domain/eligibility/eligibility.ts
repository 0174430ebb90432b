import { looksLikeName } from '../spec/at-most.ts';
import { type Facts, isOwnerPattern, narrowedOut, ownerPatternOf } from '../spec/audience/audience.ts';
import { foldName } from '../spec/resolve.ts';
import type { Exposure } from '../spec/spec.ts';
import type { Category, Reason, Strategy } from '../spec/vocabulary.ts';
import { BUCKETS, bucket } from './bucket.ts';
import { categoriesInBand } from './category.ts';

/** A subject as a decision needs it. */
export interface Subject {
  id: string;
  /** Current `owner/name`, if it has one; compared case-insensitively. */
  name?: string | null;
  /** Category; null or absent: not categorised. */
  category?: Category | null;
  /** Facts of the registry; null or absent: the registry has none of this subject. */
  facts?: Facts | null;
}

/** Overrides of the spec: the process environment, and the global stop in the database. */
export interface Overrides {
  env_stop?: boolean;
  global_stop?: boolean;
  percentage?: number;
  strategy?: Strategy;
}

export interface Decision {
  eligible: boolean;
  reason: Reason;
  /**
   * Bucket 0-9999 of the subject, or of its group, for the feature's salt; null if the feature or the group is unknown.
   */
  bucket: number | null;
  /** Percentage in force, overrides included; null if the feature is unknown. */
  percentage: number | null;
}

/**
 * Decides whether the feature is on for this subject. The first match wins; each has its reason.
 *
 * `spec` has its lists resolved; null or undefined is an unknown feature. The whitelist is matched by id alone, because
 * a name was resolved to an id when the list was reconciled, and a later owner of the name inherits nothing; the
 * blacklist is matched by id and by the current name. The SQL function `rollout_reason` is the same definition;
 * `test/store/eligibility.test.ts` compares the two.
 */
export function evaluate(
  spec: Exposure | null | undefined,
  subject: Subject,
  overrides: Overrides = {},
): Decision {
  if (!spec) {
    const reason = overrides.env_stop ? 'env_stop' : 'unknown';
    return { eligible: false, reason, bucket: null, percentage: null };
  }
  const percentage = overrides.percentage ?? spec.percentage;
  const strategy = overrides.strategy ?? spec.strategy;
  const place = placeOf(spec, subject);
  const [eligible, reason] = decide({ ...spec, percentage, strategy }, subject, place, overrides);
  return { eligible, reason, bucket: place, percentage };
}

/** Returns the bucket of the subject or its group; null: it is in no group. */
function placeOf({ salt, group_by }: Exposure, { id, facts }: Subject): number | null {
  if (group_by === undefined) return bucket(salt, id);
  return facts && Object.hasOwn(facts, group_by) ? bucket(salt, facts[group_by] ?? '') : null;
}

function decide(
  spec: Exposure,
  subject: Subject,
  place: number | null,
  overrides: Overrides,
): readonly [boolean, Reason] {
  if (overrides.env_stop) return [false, 'env_stop'];
  if (!spec.active) return [false, 'inactive'];
  if (spec.emergency_stop) return [false, 'emergency_stop'];
  if (overrides.global_stop) return [false, 'global_stop'];
  if (isBlacklisted(spec, subject)) return [false, 'blacklist'];
  const pattern = ownerPatternOf(subject.facts ?? null);
  if (pattern !== null && spec.blacklist.includes(pattern)) return [false, 'blacklist'];
  if (listed(spec.whitelist, subject.id)) return [true, 'whitelist'];
  if (pattern !== null && spec.whitelist.includes(pattern)) return [true, 'whitelist'];
  if (spec.strategy === 'whitelist') return [false, 'not_whitelisted'];
  const out = narrowedOut(spec, subject.facts ?? null);
  return out === null ? byStrategy(spec, subject.category ?? null, place) : [false, out];
}

/** An owner's entry matches the owner's repositories, but never a subject whose id is that text. */
function listed(list: readonly string[], id: string): boolean {
  return list.includes(id) && !isOwnerPattern(id);
}

function isBlacklisted(spec: Exposure, subject: Subject): boolean {
  if (listed(spec.blacklist, subject.id)) return true;
  // Only `owner/name` is a name: an entry "acme" must not match a customer named "acme" whose id is another.
  if (!subject.name || !looksLikeName(subject.name)) return false;
  return listed(spec.blacklist, foldName(subject.name));
}

function byStrategy(
  spec: Exposure,
  category: Category | null,
  place: number | null,
): readonly [boolean, Reason] {
  switch (spec.strategy) {
    case 'whitelist':
      return [false, 'not_whitelisted'];
    case 'percentage': {
      const filter = spec.categories ?? null;
      const filtered = filter !== null && (category === null || !filter.includes(category));
      return filtered
        ? [false, 'category']
        : [place !== null && place < bucketsBelow(spec.percentage), 'percentage'];
    }
    case 'repository_size': {
      if (spec.percentage >= 100) return [true, 'repository_size'];
      if (category === null && spec.percentage > 0) return [false, 'uncategorized'];
      const admitted = category !== null && categoriesInBand(spec.percentage).includes(category);
      return [admitted, 'repository_size'];
    }
  }
}

/** Returns how many buckets a percentage admits. Rounded, because 0.07 * 100 is 7.000000000000001 in floating point. */
export function bucketsBelow(percentage: number): number {
  return Math.round((percentage * BUCKETS) / 100);
}
