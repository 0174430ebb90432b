import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  asResolved,
  exposureOf
} from "./chunk-6JL5Z4JY.js";
import {
  looksLikeName
} from "./chunk-AD2CEPPX.js";
import {
  same
} from "./chunk-NXELXFFY.js";

// src/domain/spec/resolve.ts
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
  const lists = { whitelist: sortedSet(whitelist), blacklist: sortedSet(blacklist) };
  return { exposure: asResolved({ ...exposureOf(spec), ...lists }), resolved };
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

// src/domain/plan/actual.ts
function settingsOf(spec) {
  return {
    subject: spec.subject,
    max_error_rate: spec.thresholds.max_error_rate,
    window: spec.thresholds.window,
    auto_rollback: spec.rollback.enabled
  };
}
function withBaseline(actual, wanted) {
  return wanted && actual.edited?.wasLast(wanted) ? { ...actual, spec: wanted } : actual;
}
function expectedExposure(actual, hold) {
  if (hold) return hold.held;
  if (!actual.spec) return null;
  const { exposure } = resolveLists(actual.spec, actual.resolved, /* @__PURE__ */ new Map());
  return actual.archived ? { ...exposure, active: false } : exposure;
}
function settingsDrifted({ spec, edited, settings, unsealed }) {
  const columns = spec !== null && !same(settings, settingsOf(spec));
  return [...edited ? ["spec"] : [], ...columns ? ["settings"] : [], ...unsealed];
}

export {
  namesIn,
  idsIn,
  foldName,
  resolveLists,
  resolveSince,
  sortedSet,
  settingsOf,
  withBaseline,
  expectedExposure,
  settingsDrifted
};
