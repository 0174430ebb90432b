import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec/audience/audience.ts
var OWNER = "owner";
function withoutValues({ where, not, group_by }) {
  const counted = (filter) => Object.fromEntries(Object.entries(filter).map(([attribute, values]) => [attribute, values.length]));
  return {
    ...where === void 0 ? {} : { where: counted(where) },
    ...not === void 0 ? {} : { not: counted(not) },
    ...group_by === void 0 ? {} : { group_by }
  };
}
function narrowingOf({
  where,
  not,
  group_by
}) {
  return {
    ...where === void 0 ? {} : { where },
    ...not === void 0 ? {} : { not },
    ...group_by === void 0 ? {} : { group_by }
  };
}
function isNarrowed({ where, not, group_by }) {
  return where !== void 0 || not !== void 0 || group_by !== void 0;
}
var NO_ATTRIBUTES = [];
function attributesOf(narrowing) {
  if (!isNarrowed(narrowing)) return NO_ATTRIBUTES;
  const { where, not, group_by } = narrowing;
  const asked = [...Object.keys(where ?? {}), ...Object.keys(not ?? {})];
  return [...new Set(group_by === void 0 ? asked : [...asked, group_by])].sort();
}
function narrowsAtMost(a, b) {
  return Object.entries(b.where ?? {}).every(([attribute, values]) => {
    const possible = possibleValues(a, attribute);
    return possible?.every((value) => values.includes(value)) ?? false;
  }) && Object.entries(b.not ?? {}).every(([attribute, values]) => excludes(a, attribute, values)) && (b.group_by === void 0 || attributesOf(a).includes(b.group_by));
}
function possibleValues({ where, not }, attribute) {
  const values = valuesFor(where, attribute);
  if (values === null) return null;
  const excluded = valuesFor(not, attribute) ?? [];
  return values.filter((value) => !excluded.includes(value));
}
function excludes(a, attribute, values) {
  const possible = possibleValues(a, attribute);
  if (possible !== null) return !possible.some((value) => values.includes(value));
  const excluded = valuesFor(a.not, attribute);
  return excluded !== null && values.every((value) => excluded.includes(value));
}
function valuesFor(filter, attribute) {
  return filter !== void 0 && Object.hasOwn(filter, attribute) ? filter[attribute] ?? null : null;
}
function isOwnerPattern(entry) {
  return entry.endsWith("/*") && entry.indexOf("/") === entry.length - 2 && entry.length > 2;
}

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
function goesBySalt(spec) {
  return spec.strategy === "percentage" && !isOff(spec) && !admitsOnlyWhitelist(spec) && !admitsAllButBlacklist(spec);
}
function admitsOnlyWhitelist(spec) {
  return spec.strategy === "whitelist" || spec.percentage <= 0;
}
function admitsAllButBlacklist(spec) {
  if (spec.strategy === "whitelist" || spec.percentage < 100 || isNarrowed(spec)) return false;
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
  if (admitted.some(isOwnerPattern) && !isSubset(b.blacklist, a.blacklist)) return false;
  return !b.blacklist.some((entry) => !known.has(entry) && (listed.has(entry) || looksLikeName(entry)));
}
function strategyFits(a, b) {
  if (admitsAllButBlacklist(b)) return true;
  if (a.strategy !== b.strategy || a.percentage > b.percentage || !narrowsAtMost(a, b)) return false;
  if (a.strategy === "repository_size") return true;
  return a.salt === b.salt && a.group_by === b.group_by && categoriesFit(a, b);
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

// src/domain/spec/spec.ts
function asResolved(kept) {
  return kept;
}
var EXPOSURE_FIELDS = [
  "active",
  "emergency_stop",
  "strategy",
  "percentage",
  "categories",
  "whitelist",
  "blacklist",
  "salt",
  "where",
  "not",
  "group_by"
];
function canonicalJson(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value;
  const pairs = Object.keys(record).sort().filter((key) => record[key] !== void 0).map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${pairs.join(",")}}`;
}
function exposureOf(spec) {
  return {
    active: spec.active,
    emergency_stop: spec.emergency_stop,
    strategy: spec.strategy,
    percentage: spec.percentage,
    categories: spec.categories === null ? null : [...spec.categories],
    whitelist: [...spec.whitelist],
    blacklist: [...spec.blacklist],
    salt: spec.salt,
    ...narrowingOf(spec)
  };
}
function withField(exposure, field, from) {
  const { [field]: _replaced, ...others } = exposure;
  return asResolved({ ...others, ...field in from ? { [field]: from[field] } : {} });
}

// src/domain/spec/resolve.ts
function namesIn(lists) {
  if (lists.subject !== "repository") return [];
  return [...lists.whitelist, ...lists.blacklist].filter(
    (entry) => looksLikeName(entry) && !isOwnerPattern(entry)
  );
}
function idsIn(lists) {
  const entries = [...lists.whitelist, ...lists.blacklist];
  return lists.subject === "repository" ? entries.filter((entry) => !looksLikeName(entry)) : entries;
}
function foldName(name) {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}
function resolveLists(spec, kept, known) {
  const before = new Map(Object.entries(kept).map(([entry, id]) => [foldName(entry), id]));
  const owners = /* @__PURE__ */ new Map();
  for (const entry of namesIn(spec)) {
    const name = foldName(entry);
    owners.set(entry, before.get(name) ?? known.get(name) ?? null);
  }
  const whitelist = spec.whitelist.map((entry) => owners.get(entry) ?? ownerFolded(entry));
  const blacklist = spec.blacklist.flatMap(
    (entry) => owners.has(entry) ? [owners.get(entry) ?? foldName(entry), foldName(entry)] : [ownerFolded(entry)]
  );
  const resolved = Object.assign(/* @__PURE__ */ Object.create(null), Object.fromEntries(owners));
  const lists = { whitelist: sortedSet(whitelist), blacklist: sortedSet(blacklist) };
  return { exposure: asResolved({ ...exposureOf(spec), ...lists }), resolved };
}
function ownerFolded(entry) {
  return isOwnerPattern(entry) ? foldName(entry) : entry;
}
function resolveSince(kept, resolved) {
  const owners = new Map(Object.entries(resolved).map(([entry, id]) => [foldName(entry), id]));
  const ownerOf = (entry) => owners.get(foldName(entry)) ?? entry;
  return asResolved({
    ...kept,
    whitelist: sortedSet(kept.whitelist.map(ownerOf)),
    blacklist: sortedSet(kept.blacklist.flatMap((entry) => [entry, ownerOf(entry)]))
  });
}
function sortedSet(entries) {
  return [...new Set(entries)].sort();
}

// src/domain/spec/vocabulary.ts
var STRATEGIES = ["percentage", "whitelist", "repository_size"];
var CATEGORIES = ["test", "small", "medium", "large", "enterprise"];
var SUBJECT_TYPES = ["repository", "customer"];

export {
  OWNER,
  withoutValues,
  narrowingOf,
  isNarrowed,
  attributesOf,
  narrowsAtMost,
  isOwnerPattern,
  atMost,
  strictlyLess,
  isWithin,
  isOff,
  admitsNobody,
  goesByCategory,
  goesBySalt,
  looksLikeName,
  asResolved,
  EXPOSURE_FIELDS,
  canonicalJson,
  exposureOf,
  withField,
  namesIn,
  idsIn,
  foldName,
  resolveLists,
  ownerFolded,
  resolveSince,
  sortedSet,
  STRATEGIES,
  CATEGORIES,
  SUBJECT_TYPES
};
