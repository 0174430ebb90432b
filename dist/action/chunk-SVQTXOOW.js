import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  exposureOf
} from "./chunk-ROPHYOFM.js";
import {
  looksLikeName
} from "./chunk-NGXP4PDZ.js";

// src/domain/difference.ts
function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]));
  }
  const left = a;
  const right = b;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]));
}
function differences(before, after, prefix = "") {
  const left = before;
  const right = after;
  const keys = [.../* @__PURE__ */ new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (isRecord(left[key]) && isRecord(right[key])) return differences(left[key], right[key], path);
    return same(left[key], right[key]) ? [] : [{ path, before: left[key], after: right[key] }];
  });
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function without(entries, others) {
  const there = new Set(others);
  return entries.filter((entry) => !there.has(entry));
}
function describeDifferences(found) {
  return found.map(describeDifference).join(", ");
}
function describeDifference({ path, before, after }) {
  if (Array.isArray(before) && Array.isArray(after) && path !== "steps" && path !== "categories") {
    const added = without(after, before).length;
    const removed = without(before, after).length;
    return `${path} ${[added > 0 ? `+${added}` : "", removed > 0 ? `-${removed}` : ""].filter(Boolean).join(" ")}`;
  }
  return `${path} ${describeValue(before)} -> ${describeValue(after)}`;
}
function describeValue(value) {
  if (value === void 0 || value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

// src/domain/resolve.ts
function namesIn(lists) {
  if (lists.subject !== "repository") return [];
  return [...lists.whitelist, ...lists.blacklist].filter(looksLikeName);
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
  const whitelist = spec.whitelist.map((entry) => owners.get(entry) ?? entry);
  const blacklist = spec.blacklist.flatMap(
    (entry) => owners.has(entry) ? [owners.get(entry) ?? foldName(entry), foldName(entry)] : [entry]
  );
  const resolved = Object.assign(/* @__PURE__ */ Object.create(null), Object.fromEntries(owners));
  const exposure = { ...exposureOf(spec), whitelist: sortedSet(whitelist), blacklist: sortedSet(blacklist) };
  return { exposure, resolved };
}
function resolveSince(kept, resolved) {
  const owners = new Map(Object.entries(resolved).map(([entry, id]) => [foldName(entry), id]));
  const ownerOf = (entry) => owners.get(foldName(entry)) ?? entry;
  return {
    ...kept,
    whitelist: sortedSet(kept.whitelist.map(ownerOf)),
    blacklist: sortedSet(kept.blacklist.flatMap((entry) => [entry, ownerOf(entry)]))
  };
}
function sortedSet(entries) {
  return [...new Set(entries)].sort();
}

export {
  same,
  differences,
  without,
  describeDifferences,
  namesIn,
  idsIn,
  foldName,
  resolveLists,
  resolveSince,
  sortedSet
};
