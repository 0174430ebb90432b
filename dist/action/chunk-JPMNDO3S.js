import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  CATEGORIES,
  looksLikeName
} from "./chunk-O673KTJQ.js";
import {
  HOUR_SECONDS
} from "./chunk-264FZAQV.js";
import {
  parseDuration
} from "./chunk-EURWQ3ED.js";

// src/config/base/entries.ts
function entryKey(entry) {
  return looksLikeName(entry) ? entry.toLowerCase() : entry;
}
function entrySet(entries) {
  const byKey = /* @__PURE__ */ new Map();
  for (const entry of [...entries].sort()) {
    const key = entryKey(entry);
    if (!byKey.has(key)) byKey.set(key, entry);
  }
  return [...byKey.values()];
}

// src/config/base/nearest.ts
var LONGEST_WORD = 40;
function nearest(word, words) {
  if (word.length > LONGEST_WORD) return null;
  const plain = withoutSeparators(word);
  let best = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const target = withoutSeparators(candidate);
    const most = Math.max(1, Math.floor(target.length / 3));
    if (Math.abs(plain.length - target.length) > most) continue;
    const distance = editDistance(plain, target);
    if (distance < bestDistance && distance <= most) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
function editDistance(a, b) {
  let beforeLast = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}
function at(row, index) {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
function withoutSeparators(word) {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}

// src/domain/evidence/routing.ts
var DEFAULT_ROUTING = {
  fallback: "inngest",
  realtime: "inngest",
  bulk: "github_actions",
  recent_days: 1,
  small_batch: 10,
  large_batch: 50
};

// src/config/read/plans.ts
var DAY = 24 * HOUR_SECONDS;
var PLANS = {
  playbook: [
    { percentage: 10, soak: 24 * HOUR_SECONDS, name: null },
    { percentage: 25, soak: 48 * HOUR_SECONDS, name: null },
    { percentage: 50, soak: 72 * HOUR_SECONDS, name: null },
    { percentage: 75, soak: 7 * DAY, name: null },
    { percentage: 100, soak: 14 * DAY, name: null }
  ],
  pilot: [
    { percentage: 1, soak: 48 * HOUR_SECONDS, name: "tier_1_internal" },
    { percentage: 10, soak: 7 * DAY, name: "tier_2_early_adopters" },
    { percentage: 50, soak: 7 * DAY, name: "tier_3_general" },
    { percentage: 100, soak: null, name: "tier_4_full" }
  ]
};

// src/config/read/fill.ts
var MAX_ERROR_RATE = 5;
var ROLLBACK = { enabled: true, fuse: true, via: "commit", on_shared_outage: "freeze" };
var JOB_TIMEOUT = { inngest: "15m", github_actions: "3h" };
var OTHER_JOB_TIMEOUT = "3h";
function fillSpec(key, feature, defaults) {
  const routing = { ...DEFAULT_ROUTING, ...defaults.routing, ...feature.routing };
  return {
    description: feature.description ?? null,
    owner: feature.owner ?? defaults.owner ?? null,
    subject: feature.subject ?? defaults.subject ?? "repository",
    active: feature.active ?? true,
    emergency_stop: feature.emergency_stop ?? false,
    paused: feature.paused ?? defaults.paused ?? false,
    strategy: feature.strategy ?? "percentage",
    // 0 and never 100: what a file does not say exposes nobody.
    percentage: feature.percentage ?? 0,
    categories: feature.categories ? CATEGORIES.filter((c) => feature.categories?.includes(c)) : null,
    whitelist: entrySet(feature.whitelist ?? []),
    blacklist: entrySet(feature.blacklist ?? []),
    salt: feature.salt ?? key,
    analysis: feature.analysis ?? defaults.analysis ?? "sequential",
    thresholds: fillThresholds(feature.thresholds ?? {}, defaults.thresholds ?? {}, routing),
    rollback: { ...ROLLBACK, ...defaults.rollback, ...feature.rollback },
    steps: fillSteps(feature.steps ?? defaults.steps ?? []),
    advance: feature.advance ?? defaults.advance ?? "manual",
    routing,
    costs: fillCosts(defaults.costs ?? {}, feature.costs ?? {})
  };
}
function fillSteps(steps) {
  if (typeof steps === "string") return PLANS[steps].map((step) => ({ ...step }));
  return steps.map(({ percentage, soak }) => ({
    percentage,
    soak: soak === void 0 ? null : seconds(soak),
    name: null
  }));
}
function fillThresholds(own, shared, routing) {
  const said = { ...shared, ...own };
  const max = said.max_error_rate ?? MAX_ERROR_RATE;
  return {
    max_error_rate: max,
    warning_error_rate: said.warning_error_rate ?? twoDecimals(max / 2),
    critical_error_rate: said.critical_error_rate ?? Math.min(100, twoDecimals(max * 2)),
    minimum_jobs: said.minimum_jobs ?? 10,
    window: seconds(said.window ?? "24h"),
    advance_error_rate: said.advance_error_rate ?? twoDecimals(max * 0.6),
    max_slowdown: said.max_slowdown ?? 1.5,
    job_timeout: fillTimeouts({ ...JOB_TIMEOUT, ...shared.job_timeout, ...own.job_timeout }, routing)
  };
}
function fillTimeouts(said, routing) {
  const routed = [routing.fallback, routing.realtime, routing.bulk];
  const names = [.../* @__PURE__ */ new Set([...Object.keys(said), ...routed])];
  return Object.fromEntries(
    names.map((name) => [name, seconds(Object.hasOwn(said, name) ? said[name] ?? "" : OTHER_JOB_TIMEOUT)])
  );
}
function fillCosts(shared, own) {
  const names = [.../* @__PURE__ */ new Set([...Object.keys(shared), ...Object.keys(own)])];
  return Object.fromEntries(
    names.map((name) => {
      const said = { ...shared[name], ...own[name] };
      return [name, { per_job: said.per_job ?? 0, per_minute: said.per_minute ?? 0 }];
    })
  );
}
function twoDecimals(value) {
  return Math.round(value * 100) / 100;
}
function seconds(text) {
  const value = parseDuration(text);
  if (value === null) throw new Error(`a duration that was checked cannot be read: ${text}`);
  return value;
}

export {
  entryKey,
  entrySet,
  nearest,
  fillSpec
};
