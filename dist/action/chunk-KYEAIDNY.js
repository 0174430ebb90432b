import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  BUCKET_MINUTES,
  DEFAULT_WINDOW,
  decide,
  newRateWindow,
  newWatch,
  observe,
  ruleOf,
  slide
} from "./chunk-LD6AS6C3.js";

// src/domain/random.ts
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 1831565813 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
}
var LARGE_MEAN = 500;
function poisson(random, mean) {
  if (mean >= LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
}
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

// src/domain/simulation/monitor.ts
function monitorOf(analysis, params, oneCategory = false) {
  if (analysis === "threshold") return thresholdMonitor(params);
  return oneCategory ? sequentialMonitor(params) : categoryMonitor(params);
}
function sequentialMonitor(params = {}) {
  const rule = trustedRule(params);
  const watch = newWatch(rule);
  let verdict = "no_data";
  return (bucket) => {
    if (bucket.strata.length === 0) return verdict;
    observe(watch, bucket);
    verdict = verdictOf(watch, rule);
    return verdict;
  };
}
function categoryMonitor(params = {}) {
  const rule = trustedRule(params);
  const all = newWatch(rule);
  const parts = /* @__PURE__ */ new Map();
  let verdict = "no_data";
  return (bucket) => {
    if (bucket.strata.length === 0) return verdict;
    observe(all, bucket);
    for (const stratum of bucket.strata) {
      const part = parts.get(stratum.category) ?? newWatch(rule);
      parts.set(stratum.category, part);
      observe(part, { minute: bucket.minute, strata: [stratum] });
    }
    verdict = worstOf(all, parts, rule);
    return verdict;
  };
}
var GRAVITY = { warning: 1, suspect: 2, harmful: 3 };
function raises(verdict) {
  return verdict in GRAVITY;
}
function worstOf(all, parts, rule) {
  let worst = verdictOf(all, rule);
  if (parts.size < 2) return worst;
  const treated = [...parts.values()].filter(({ totals }) => totals.jobs > 0);
  const stricter = {
    ...rule,
    evidence: rule.evidence * treated.length,
    warningEvidence: rule.warningEvidence * treated.length
  };
  for (const part of treated) {
    if (worst === "warning" && !mayBeWorse(part, stricter)) continue;
    const alone = verdictOf(part, stricter);
    if ((GRAVITY[alone] ?? 0) > (GRAVITY[worst] ?? 0)) worst = alone;
  }
  return worst;
}
function verdictOf(watch, rule) {
  if (!isQuiet(watch, rule)) return decide(rule === watch.rule ? watch : { ...watch, rule }).verdict;
  const { jobs } = watch.totals;
  if (jobs === 0) return "no_data";
  return jobs < rule.minimumJobs ? "insufficient" : "healthy";
}
function isQuiet(watch, rule) {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return !reachesBy(watch.absolute, 0, least) && !reachesBy(watch.warning, 0, least) && !relativeReaches(watch, least);
}
function mayBeWorse(watch, rule) {
  const least = Math.log(Math.min(rule.warningEvidence, rule.evidence));
  return reachesBy(watch.absolute, 0, least) || relativeReaches(watch, Math.log(rule.evidence));
}
function relativeReaches({ relative, totals }, least) {
  if (totals.controlJobs === 0) return false;
  let open = 0;
  for (const { errors } of relative.open.values()) open += errors;
  return reachesBy(relative.closed, open, least);
}
function reachesBy(runs, errors, least) {
  for (const { level, reward } of runs) if (Math.max(level, 0) + errors * reward >= least) return true;
  return false;
}
function thresholdMonitor(params = {}) {
  const window = newRateWindow(trustedRule(params), params.windowMinutes ?? DEFAULT_WINDOW);
  return (bucket) => slide(window, bucket).verdict;
}
function trustedRule(params) {
  const rule = ruleOf(params);
  if (typeof rule === "string") throw new RangeError(rule);
  return rule;
}

// src/domain/simulation/binomial.ts
var LARGE_VARIANCE = 150;
function binomial(luck, trials, share) {
  if (trials === 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - binomial(1 - luck, trials, 1 - share);
  const variance = trials * share * (1 - share);
  if (variance < LARGE_VARIANCE) return summed(luck, trials, share);
  const z = normalQuantile(luck);
  const skewed = (1 - 2 * share) * (z * z - 1) / 6;
  const count = Math.round(trials * share + z * Math.sqrt(variance) + skewed);
  return Math.min(trials, Math.max(0, count));
}
function summed(luck, trials, share) {
  const odds = share / (1 - share);
  let chance = (1 - share) ** trials;
  let reached = chance;
  let count = 0;
  while (reached <= luck && count < trials) {
    count += 1;
    chance *= (trials - count + 1) / count * odds;
    if (chance === 0) break;
    reached += chance;
  }
  return count;
}
var CENTRE_TOP = [
  -39.69683028665376,
  220.9460984245205,
  -275.9285104469687,
  138.357751867269,
  -30.66479806614716,
  2.506628277459239
];
var CENTRE_BOTTOM = [
  -54.47609879822406,
  161.5858368580409,
  -155.6989798598866,
  66.80131188771972,
  -13.28068155288572,
  1
];
var TAIL_TOP = [
  -0.007784894002430293,
  -0.3223964580411365,
  -2.400758277161838,
  -2.549732539343734,
  4.374664141464968,
  2.938163982698783
];
var TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
function normalQuantile(probability) {
  const p = Math.min(1 - 1e-16, Math.max(1e-300, probability));
  if (p < 0.02425) return tail(p);
  if (p > 1 - 0.02425) return -tail(1 - p);
  const r = (p - 0.5) ** 2;
  return (p - 0.5) * polynomial(CENTRE_TOP, r) / polynomial(CENTRE_BOTTOM, r);
}
function tail(p) {
  const q = Math.sqrt(-2 * Math.log(p));
  return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
}
function polynomial(coefficients, x) {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

// src/domain/simulation/traffic.ts
function* arrivalsOf(traffic, hours, random) {
  const streams = streamsOf(traffic);
  const controlShare = (traffic.control?.errorRate ?? 0) / 100;
  for (let minute = 0; minute < hours * 60; minute += BUCKET_MINUTES) {
    const arrivals = [];
    for (const { category, control, size, mean } of streams) {
      const clusters = poisson(random, mean);
      if (clusters === 0) continue;
      const luck = random();
      const controlFailed = control ? size * binomial(luck, clusters, controlShare) : null;
      arrivals.push({ category, size, clusters, luck, controlFailed });
    }
    yield { minute, arrivals };
  }
}
function* lifeOf(buckets, { errorRate, breakage }) {
  for (const { minute, arrivals } of buckets) {
    const broken = breakage !== void 0 && minute >= breakage.hour * 60;
    yield { minute, strata: strataOf(arrivals, (broken ? breakage.errorRate : errorRate) / 100) };
  }
}
function strataOf(arrivals, share) {
  const strata = [];
  for (const { category, size, clusters, luck, controlFailed } of arrivals) {
    let stratum = strata.at(-1);
    if (stratum?.category !== category) {
      stratum = { category, jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
      strata.push(stratum);
    }
    if (controlFailed === null) {
      stratum.jobs += size * clusters;
      stratum.errors += size * binomial(luck, clusters, share);
    } else {
      stratum.controlJobs += size * clusters;
      stratum.controlErrors += controlFailed;
    }
  }
  return strata;
}
var ONE_CATEGORY = [{ category: "", share: 1, controlShare: 1 }];
function streamsOf({ jobsPerHour, control, jobsTogether = 1, categories }) {
  const sizes = sizesOf(jobsTogether);
  const sorted = [...categories ?? ONE_CATEGORY].sort((a, b) => a.category < b.category ? -1 : 1);
  const of = (category, isControl, perHour) => sizes.map(({ size, share }) => {
    const mean = perHour * share * BUCKET_MINUTES / 60 / size;
    return { category, control: isControl, size, mean };
  });
  return sorted.flatMap(({ category, share, controlShare }) => [
    ...of(category, false, jobsPerHour * share),
    ...of(category, true, (control?.jobsPerHour ?? 0) * controlShare)
  ]).filter(({ mean }) => mean > 0);
}
function sizesOf(jobsTogether) {
  const small = Math.floor(jobsTogether);
  const large = jobsTogether - small;
  return [
    { size: small, share: 1 - large },
    { size: small + 1, share: large }
  ].filter(({ share }) => share > 0);
}

// src/domain/simulation/quantile.ts
function lowerQuantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(sorted.length * share - 1e-9));
  return sorted[rank - 1] ?? Infinity;
}
function shareOf(all, isSo) {
  return all.length === 0 ? 0 : all.filter(isSo).length / all.length;
}

export {
  monitorOf,
  raises,
  trustedRule,
  seededRandom,
  arrivalsOf,
  lifeOf,
  lowerQuantile,
  shareOf
};
