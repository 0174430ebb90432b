import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  BUCKET_MINUTES,
  DEFAULT_WINDOW,
  newRateWindow,
  provenBy,
  ruleOver,
  slide,
  trustedRule,
  verdictOf
} from "./chunk-3AB62VHW.js";
import {
  beginsBlock,
  compare,
  isBlockOver,
  mergeWindow,
  newBlock,
  newBlockMerge,
  newMerge,
  newScopeWatch,
  observeSlice,
  sliceOver,
  strataOf,
  together
} from "./chunk-KQIIWPI2.js";

// src/domain/simulation/life.ts
var STEP_MINUTES = 5;

// src/domain/verdict/feature-watch.ts
function newFeatureWatch(rule, categories, startedAt) {
  const scope = (category) => ({
    watch: newScopeWatch(
      ruleOver(rule, categories.length, category === null ? "all" : "category"),
      category,
      startedAt
    ),
    merge: newMerge(startedAt),
    blocks: newBlockMerge(startedAt),
    ...{ block: null, waiting: [] }
  });
  const parts = new Map(categories.length < 2 ? [] : categories.map((one) => [one, scope(one)]));
  return { all: scope(null), parts };
}
function observeWindows(feature, windows, until) {
  const { all, parts } = feature;
  for (const [category, part] of parts) {
    const own = windows.filter((window) => window.category === category);
    observeScope(part, own, own, until, alone(part, category));
  }
  const strata = (from, to) => parts.size === 0 ? strataOf("", all.watch.ledger, from, to) : [...parts].flatMap(([category, { watch }]) => strataOf(category, watch.ledger, from, to));
  const around = {
    strata,
    provenWithout: (categories, to, rule) => {
      const others = [...parts].filter(([category]) => !categories.includes(category));
      const slices = others.flatMap(([, { watch }]) => watch.slices);
      return provenBy(slices, all.watch.startedAt, to, rule);
    },
    without: () => null
  };
  observeScope(all, windows.length > 1 ? together(windows) : windows, windows, until, around);
}
function alone({ watch }, category) {
  return {
    strata: (from, until) => strataOf(category, watch.ledger, from, until),
    provenWithout: () => false,
    without: () => null
  };
}
function observeScope(scope, summed, compared, until, around) {
  const [window] = summed;
  if (window) {
    if (beginsBlock(scope.blocks, window.startedAt, compared) || scope.block === null) {
      if (scope.block) scope.waiting.push(scope.block);
      scope.block = newBlock(window.startedAt);
    }
    for (const one of compared) compare(scope.block, one);
  }
  const done = window ? mergeWindow(scope.merge, window) : null;
  const over = sliceOver(scope.merge, until);
  if (scope.block && isBlockOver(scope.blocks, until)) {
    scope.waiting.push(scope.block);
    scope.block = null;
  }
  for (const slice of [done, over]) {
    if (slice === null) continue;
    const end = slice === done ? window?.startedAt ?? until : until;
    const blocks = scope.waiting.filter(({ startedAt }) => startedAt < end);
    observeSlice(scope.watch, slice, blocks, end, around);
    scope.waiting = scope.waiting.filter(({ startedAt }) => startedAt >= end);
  }
}

// src/domain/simulation/monitor.ts
function monitorOf(analysis, params, categories = [""], startedAt = 0) {
  return analysis === "threshold" ? thresholdMonitor(params) : scoreMonitor(params, categories, startedAt);
}
function scoreMonitor(params = {}, categories = [""], startedAt = 0) {
  const rule = trustedRule(params);
  const feature = newFeatureWatch(rule, categories, startedAt);
  let seen = 0;
  let verdict = "no_data";
  return ({ minute, windows }) => {
    observeWindows(feature, windows, (minute + STEP_MINUTES) * 60);
    const slices = slicesOf(feature);
    if (slices > seen) verdict = worstOf(feature);
    seen = slices;
    return verdict;
  };
}
function slicesOf({ all, parts }) {
  let count = all.watch.slices.length;
  for (const { watch } of parts.values()) count += watch.slices.length;
  return count;
}
var GRAVITY = { warning: 1, suspect: 2, harmful: 3 };
function raises(verdict) {
  return verdict in GRAVITY;
}
function worstOf({ all, parts }) {
  let worst = verdictOf2(all.watch);
  for (const { watch } of parts.values()) {
    if (watch.ledger.totals.finished === 0) continue;
    const alone2 = verdictOf2(watch);
    if ((GRAVITY[alone2] ?? 0) > (GRAVITY[worst] ?? 0)) worst = alone2;
  }
  return worst;
}
function verdictOf2(watch) {
  if (watch.crossed) return "harmful";
  if (watch.excused) return "suspect";
  if (!isQuiet(watch)) return verdictOf(watch);
  const { finished } = watch.ledger.totals;
  if (finished === 0) return "no_data";
  return finished < watch.rule.minimumJobs ? "insufficient" : "healthy";
}
function isQuiet({ warning, relative, rule }) {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return Math.max(...warning.levels) < least && Math.max(...relative.watch.levels) < least;
}
function thresholdMonitor(params = {}) {
  const rule = trustedRule(params);
  const window = newRateWindow(rule, params.windowMinutes ?? DEFAULT_WINDOW);
  return (step) => slide(window, bucketOf(step)).verdict;
}
function bucketOf({ minute, windows }) {
  return {
    minute: Math.floor(minute / BUCKET_MINUTES) * BUCKET_MINUTES,
    strata: windows.map(({ category, finished, failed, controlJobs, controlFailed }) => ({
      category,
      jobs: finished,
      errors: failed,
      controlJobs,
      controlErrors: controlFailed
    }))
  };
}

export {
  STEP_MINUTES,
  monitorOf,
  scoreMonitor,
  raises
};
