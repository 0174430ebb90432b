import { isNarrowed, isOwnerPattern, narrowsAtMost } from './audience/audience.ts';
import type { Exposure, ResolvedExposure, WrittenExposure } from './spec.ts';
import type { SubjectType } from './vocabulary.ts';

/**
 * Is every subject that is eligible under `a` eligible under `b`, whatever the population? True for two equal
 * exposures.
 *
 * Decides the direction of a change: one that admits at most as much may take effect in the database at once, any other
 * must come from Git. True is a proof; false may also mean that the two specs alone do not tell. Ids and names are not
 * comparable: both sides must be resolved, or both as written in the file.
 */
export function atMost(a: ResolvedExposure, b: ResolvedExposure): boolean;
export function atMost(a: WrittenExposure, b: WrittenExposure): boolean;
export function atMost(a: Exposure, b: Exposure): boolean {
  if (admitsNobody(a)) return true;
  if (isOff(b)) return false;
  if (admitsOnlyWhitelist(a)) return whitelistFits(a, b);
  return strategyFits(a, b) && isSubset(b.blacklist, a.blacklist) && listFits(a, b);
}

/** Does `a` admit at most what `b` admits, and not vice versa? */
export function strictlyLess(a: ResolvedExposure, b: ResolvedExposure): boolean {
  return atMost(a, b) && !atMost(b, a);
}

/** An exposure with its subject type. */
export interface Whom {
  subject: SubjectType;
  exposure: ResolvedExposure;
}

/** `atMost` for a subject type that may change: all subjects of another type are new, even at the same percentage. */
export function isWithin(a: Whom, b: Whom): boolean {
  return atMost(a.exposure, b.exposure) && (a.subject === b.subject || admitsNobody(a.exposure));
}

/** Switched off for everyone, whatever the lists say. */
export function isOff(spec: Exposure): boolean {
  return !spec.active || spec.emergency_stop;
}

/** Nobody can be eligible: switched off, or only a whitelist admits and it admits no one. */
export function admitsNobody(spec: Exposure): boolean {
  return isOff(spec) || (admitsOnlyWhitelist(spec) && admittedByList(spec).length === 0);
}

/** Does a subject's category decide whether it is in? */
export function goesByCategory(spec: Exposure): boolean {
  if (isOff(spec) || admitsOnlyWhitelist(spec)) return false;
  return spec.strategy === 'percentage' ? spec.categories !== null : spec.percentage < 100;
}

/** Does the salt decide which subjects are in? */
export function goesBySalt(spec: Exposure): boolean {
  return (
    spec.strategy === 'percentage' &&
    !isOff(spec) &&
    !admitsOnlyWhitelist(spec) &&
    !admitsAllButBlacklist(spec)
  );
}

function admitsOnlyWhitelist(spec: Exposure): boolean {
  return spec.strategy === 'whitelist' || spec.percentage <= 0;
}

/** 100% also admits subjects without a category, under both strategies, unless categories or attributes filter. */
function admitsAllButBlacklist(spec: Exposure): boolean {
  if (spec.strategy === 'whitelist' || spec.percentage < 100 || isNarrowed(spec)) return false;
  return spec.strategy === 'repository_size' || !spec.categories;
}

/** Entries that are whitelisted and not blacklisted: the blacklist is stronger. */
function admittedByList(spec: Exposure): string[] {
  const blocked = new Set(spec.blacklist);
  return spec.whitelist.filter((entry) => !blocked.has(entry));
}

function whitelistFits(a: Exposure, b: Exposure): boolean {
  const admitted = admittedByList(a);
  if (!admitsAllButBlacklist(b) && !isSubset(admitted, b.whitelist)) return false;
  const known = new Set(a.blacklist);
  const listed = new Set(admitted);
  // Which subjects an owner's entry matches cannot be known here either.
  if (admitted.some(isOwnerPattern) && !isSubset(b.blacklist, a.blacklist)) return false;
  // A name in b's blacklist may be the current name of any listed id, which cannot be known here.
  return !b.blacklist.some((entry) => !known.has(entry) && (listed.has(entry) || looksLikeName(entry)));
}

function strategyFits(a: Exposure, b: Exposure): boolean {
  if (admitsAllButBlacklist(b)) return true;
  if (a.strategy !== b.strategy || a.percentage > b.percentage || !narrowsAtMost(a, b)) return false;
  if (a.strategy === 'repository_size') return true;
  return a.salt === b.salt && a.group_by === b.group_by && categoriesFit(a, b);
}

function categoriesFit(a: Exposure, b: Exposure): boolean {
  if (!b.categories) return true;
  // No filter also admits subjects without a category, so it is wider than a list of all five.
  return !!a.categories && isSubset(a.categories, b.categories);
}

function listFits(a: Exposure, b: Exposure): boolean {
  return admitsAllButBlacklist(b) || isSubset(admittedByList(a), b.whitelist);
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  const set = new Set(whole);
  return part.every((entry) => set.has(entry));
}

/** Is the entry an `owner/name` rather than an opaque id? */
export function looksLikeName(entry: string): boolean {
  return entry.includes('/');
}
