import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec/at-most.ts
function atMost(a, b) {
  if (admitsNobody(a)) return true;
  if (isOff(b)) return false;
  if (admitsOnlyWhitelist(a)) return whitelistFits(a, b);
  return strategyFits(a, b) && isSubset(b.blacklist, a.blacklist) && listFits(a, b);
}
function strictlyLess(a, b) {
  return atMost(a, b) && !atMost(b, a);
}
function isWithin(a, b) {
  return atMost(a.exposure, b.exposure) && (a.subject === b.subject || admitsNobody(a.exposure));
}
function isOff(spec) {
  return !spec.active || spec.emergency_stop;
}
function admitsNobody(spec) {
  return isOff(spec) || admitsOnlyWhitelist(spec) && admittedByList(spec).length === 0;
}
function goesByCategory(spec) {
  if (isOff(spec) || admitsOnlyWhitelist(spec)) return false;
  return spec.strategy === "percentage" ? spec.categories !== null : spec.percentage < 100;
}
function admitsOnlyWhitelist(spec) {
  return spec.strategy === "whitelist" || spec.percentage <= 0;
}
function admitsAllButBlacklist(spec) {
  if (spec.strategy === "whitelist" || spec.percentage < 100) return false;
  return spec.strategy === "repository_size" || !spec.categories;
}
function admittedByList(spec) {
  const blocked = new Set(spec.blacklist);
  return spec.whitelist.filter((entry) => !blocked.has(entry));
}
function whitelistFits(a, b) {
  const admitted = admittedByList(a);
  if (!admitsAllButBlacklist(b) && !isSubset(admitted, b.whitelist)) return false;
  const known = new Set(a.blacklist);
  const listed = new Set(admitted);
  return !b.blacklist.some((entry) => !known.has(entry) && (listed.has(entry) || looksLikeName(entry)));
}
function strategyFits(a, b) {
  if (admitsAllButBlacklist(b)) return true;
  if (a.strategy !== b.strategy || a.percentage > b.percentage) return false;
  if (a.strategy === "repository_size") return true;
  return a.salt === b.salt && categoriesFit(a, b);
}
function categoriesFit(a, b) {
  if (!b.categories) return true;
  return !!a.categories && isSubset(a.categories, b.categories);
}
function listFits(a, b) {
  return admitsAllButBlacklist(b) || isSubset(admittedByList(a), b.whitelist);
}
function isSubset(part, whole) {
  const set = new Set(whole);
  return part.every((entry) => set.has(entry));
}
function looksLikeName(entry) {
  return entry.includes("/");
}

// src/domain/spec/vocabulary.ts
var STRATEGIES = ["percentage", "whitelist", "repository_size"];
var CATEGORIES = ["test", "small", "medium", "large", "enterprise"];
var SUBJECT_TYPES = ["repository", "customer"];

export {
  atMost,
  strictlyLess,
  isWithin,
  isOff,
  admitsNobody,
  goesByCategory,
  looksLikeName,
  STRATEGIES,
  CATEGORIES,
  SUBJECT_TYPES
};
