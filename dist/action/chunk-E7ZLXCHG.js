import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  CATEGORIES,
  OWNER,
  foldName,
  looksLikeName,
  sortedSet
} from "./chunk-T5UFH23J.js";
import {
  TOLERATED_ODDS
} from "./chunk-RPGLZE3Y.js";
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

// src/domain/spec/hours.ts
var WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
var MINUTE_MS = 6e4;
var DAY_MINUTES = 24 * 60;
function minuteOf(text) {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
function isOpen(hours, at2) {
  const { weekday, minute } = localTime(hours.zone, at2);
  return hours.days.includes(weekday) && minute >= minuteOf(hours.from) && minute < minuteOf(hours.to);
}
function openingFrom(hours, at2) {
  if (isOpen(hours, at2)) return at2;
  const from = minuteOf(hours.from);
  const { minute } = localTime(hours.zone, at2);
  for (let ahead = minute < from ? 0 : 1; ahead <= 2 * WEEKDAYS.length; ahead++) {
    const opening = openingOn(
      hours,
      new Date(at2.getTime() + (ahead * DAY_MINUTES + from - minute) * MINUTE_MS)
    );
    if (opening !== null && opening >= at2) return opening;
  }
  return at2;
}
function openingOn(hours, nominal) {
  const late = localTime(hours.zone, nominal).minute - minuteOf(hours.from);
  const shift = (late + DAY_MINUTES * 1.5) % DAY_MINUTES - DAY_MINUTES / 2;
  const first = Math.floor(nominal.getTime() / MINUTE_MS) - shift;
  for (let minute = first; minute <= first + Math.abs(shift); minute++) {
    const opening = new Date(minute * MINUTE_MS);
    if (isOpen(hours, opening)) return opening;
  }
  return null;
}
function dayIn(zone, at2) {
  return localTime(zone, at2).day;
}
function isZone(zone) {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}
function localTime(zone, at2) {
  const parts = new Map(
    clockOf(zone).formatToParts(at2).map(({ type, value }) => [type, value])
  );
  const part = (type) => parts.get(type) ?? "";
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    weekday: part("weekday").toLowerCase(),
    minute: Number(part("hour")) * 60 + Number(part("minute"))
  };
}
var clocks = /* @__PURE__ */ new Map();
function clockOf(zone) {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit"
  });
  clocks.set(zone, clock);
  return clock;
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
function routingFrom(said) {
  if (typeof said !== "object" || said === null) return { ...DEFAULT_ROUTING };
  const routing = { ...DEFAULT_ROUTING };
  for (const [key, usual] of Object.entries(DEFAULT_ROUTING)) {
    const value = said[key];
    const meant = typeof value === typeof usual && value !== "";
    if (meant) routing[key] = value;
  }
  if (said.breaker === true) routing.breaker = true;
  return routing;
}
var ROUTING_RULES = [
  "recent",
  "small_batch",
  "manual",
  "historical",
  "large_batch",
  "scheduled",
  "default",
  "breaker",
  "not_eligible"
];
function classOf(rule) {
  if (rule === "breaker" || rule === "not_eligible") return "fallback";
  return rule === "historical" || rule === "large_batch" || rule === "scheduled" ? "bulk" : "realtime";
}

// src/config/base/tells-subjects.ts
function tellsSubjects({ source, subject_label }) {
  return source !== "prometheus" || subject_label !== void 0;
}

// src/config/read/fill-values.ts
function fillHours({ days, from, to, zone }) {
  return {
    days: WEEKDAYS.filter((day) => days?.includes(day) ?? true),
    from: from ?? "00:00",
    to: to ?? "24:00",
    zone: zone ?? "UTC"
  };
}
function seconds(text) {
  const value = parseDuration(text);
  if (value === null) throw new Error(`a duration that was checked cannot be read: ${text}`);
  return value;
}

// src/config/read/fill-thresholds.ts
var MAX_ERROR_RATE = 5;
var JOB_TIMEOUT = { inngest: "15m", github_actions: "3h" };
var OTHER_JOB_TIMEOUT = "3h";
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
function twoDecimals(value) {
  return Math.round(value * 100) / 100;
}

// src/config/read/plans.ts
var DAY = 24 * HOUR_SECONDS;
var PLANS = {
  playbook: [
    { percentage: 10, soak: 48 * HOUR_SECONDS, name: null },
    { percentage: 25, soak: 72 * HOUR_SECONDS, name: null },
    { percentage: 50, soak: 7 * DAY, name: null },
    { percentage: 75, soak: 14 * DAY, name: null },
    { percentage: 100, soak: null, name: null }
  ],
  pilot: [
    { percentage: 1, soak: 48 * HOUR_SECONDS, name: "tier_1_internal" },
    { percentage: 10, soak: 7 * DAY, name: "tier_2_early_adopters" },
    { percentage: 50, soak: 7 * DAY, name: "tier_3_general" },
    { percentage: 100, soak: null, name: "tier_4_full" }
  ]
};

// src/config/read/fill.ts
var ROLLBACK = { enabled: true, fuse: true, via: "commit", on_shared_outage: "freeze" };
function fillSpec(key, feature, defaults, metrics = {}) {
  const entries = feature.guardrails ?? defaults.guardrails ?? [];
  const guardrails = fillGuardrails(entries, metrics, feature.advanced?.correlation);
  const routing = { ...DEFAULT_ROUTING, ...defaults.routing, ...feature.routing };
  return {
    description: feature.description ?? null,
    owner: feature.owner ?? defaults.owner ?? null,
    subject: feature.subject ?? defaults.subject ?? "repository",
    active: feature.active ?? true,
    emergency_stop: feature.emergency_stop ?? false,
    paused: feature.paused ?? defaults.paused ?? false,
    strategy: feature.strategy ?? "percentage",
    // 0 and never 100: a feature without a percentage exposes nobody.
    percentage: feature.percentage ?? 0,
    categories: feature.categories ? CATEGORIES.filter((c) => feature.categories?.includes(c)) : null,
    ...fillNarrowing(feature, feature.subject ?? defaults.subject ?? "repository"),
    whitelist: entrySet(feature.whitelist ?? []),
    blacklist: entrySet(feature.blacklist ?? []),
    salt: feature.salt ?? key,
    analysis: feature.analysis ?? defaults.analysis ?? "sequential",
    thresholds: fillThresholds(feature.thresholds ?? {}, defaults.thresholds ?? {}, routing),
    rollback: { ...ROLLBACK, ...defaults.rollback, ...feature.rollback },
    steps: fillSteps(feature.steps ?? defaults.steps ?? []),
    advance: feature.advance ?? defaults.advance ?? "manual",
    ...fillGates(feature, defaults),
    routing,
    costs: fillCosts(defaults.costs ?? {}, feature.costs ?? {}),
    ...feature.budget || defaults.budget ? { budget: { ...defaults.budget, ...feature.budget } } : {},
    ...Object.keys(guardrails).length > 0 ? { guardrails } : {}
  };
}
function fillNarrowing({ where, not, group_by }, subject) {
  const filter = (entry) => Object.fromEntries(
    Object.entries(entry).map(([attribute, values]) => [
      attribute,
      sortedSet(subject === "repository" && attribute === OWNER ? values.map(foldName) : values)
    ])
  );
  return {
    ...where === void 0 ? {} : { where: filter(where) },
    ...not === void 0 ? {} : { not: filter(not) },
    ...group_by === void 0 ? {} : { group_by }
  };
}
function fillGuardrails(entries, metrics, correlation) {
  return Object.fromEntries(
    entries.flatMap(({ metric, limit, than_control, on_harm, dry_run, per }) => {
      const definition = Object.hasOwn(metrics, metric) ? metrics[metric] : void 0;
      if (!definition) return [];
      const guardrail = {
        source: definition.source,
        ...definition.slower_than === void 0 ? {} : { slower_than: timeLimit(definition.slower_than) },
        ...queryOf(definition),
        limit,
        than_control: than_control ?? TOLERATED_ODDS,
        on_harm: on_harm ?? (tellsSubjects(definition) ? "rollback" : "freeze"),
        dry_run: dry_run ?? false,
        per: per ?? "event",
        ...correlation === void 0 || tellsSubjects(definition) ? {} : { correlation }
      };
      return [[metric, guardrail]];
    })
  );
}
function timeLimit(written) {
  if (typeof written === "object")
    return Object.fromEntries(Object.entries(written).map(([category, time]) => [category, seconds(time)]));
  return written === "control_p95" ? written : seconds(written);
}
function fillSteps(steps) {
  if (typeof steps === "string") return PLANS[steps].map((step) => ({ ...step }));
  return steps.map(({ percentage, soak, minimum_jobs, approve }) => ({
    percentage,
    soak: soak === void 0 ? null : seconds(soak),
    name: null,
    ...minimum_jobs === void 0 ? {} : { minimum_jobs },
    ...approve ? { approve } : {}
  }));
}
function fillGates({ hours, not_before, cutoff }, shared) {
  return {
    ...hours || shared.hours ? { hours: fillHours({ ...shared.hours, ...hours }) } : {},
    ...not_before === void 0 ? {} : { not_before },
    ...cutoff === void 0 ? {} : { cutoff }
  };
}
function queryOf({ source, bad, all, subject_label }) {
  if (source !== "prometheus") return {};
  return { query: { bad: bad ?? "", all: all ?? "", subject_label: subject_label ?? null } };
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

export {
  entryKey,
  entrySet,
  nearest,
  tellsSubjects,
  minuteOf,
  openingFrom,
  dayIn,
  isZone,
  routingFrom,
  ROUTING_RULES,
  classOf,
  fillHours,
  seconds,
  fillSpec
};
