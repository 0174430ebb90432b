import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  exposureOf
} from "./chunk-YNMI2IWZ.js";
import {
  looksLikeName
} from "./chunk-TCRJPBTA.js";

// src/domain/resolve.ts
function namesIn(lists) {
  if (lists.subject !== "repository") return [];
  return [...lists.whitelist, ...lists.blacklist].filter(looksLikeName);
}
function idsIn(lists) {
  const names = new Set(namesIn(lists));
  return [...lists.whitelist, ...lists.blacklist].filter((entry) => !names.has(entry));
}
function foldName(name) {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
function resolveLists(spec, kept, known) {
  const resolved = /* @__PURE__ */ Object.create(null);
  const before = new Map(Object.entries(kept).map(([entry, id]) => [foldName(entry), id]));
  for (const entry of namesIn(spec)) {
    const name = foldName(entry);
    resolved[entry] = before.get(name) ?? known.get(name) ?? null;
  }
  const whitelist = spec.whitelist.map((entry) => resolved[entry] ?? entry);
  const blacklist = spec.blacklist.flatMap(
    (entry) => entry in resolved ? [resolved[entry] ?? foldName(entry), foldName(entry)] : [entry]
  );
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
  namesIn,
  idsIn,
  foldName,
  resolveLists,
  resolveSince,
  sortedSet
};
