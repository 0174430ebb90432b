import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  arrivalsOf,
  categoriesOf,
  lifeOf,
  lowerQuantile,
  shareOf
} from "./chunk-FDE2BHFX.js";
import {
  STEP_MINUTES,
  monitorOf,
  raises
} from "./chunk-MRT3W3EF.js";
import {
  BUCKET_MINUTES,
  add,
  emptyTally,
  gather,
  trustedRule
} from "./chunk-3AB62VHW.js";
import {
  LEAST_TIMED
} from "./chunk-KQIIWPI2.js";

// src/domain/simulation/soak.ts
var LONGEST_SOAK_HOURS = 720;
var SOAK_POWER = 0.8;
function soakToSeeDoubling(params, jobsPerHour, normalRate, random, options = {}) {
  const { analysis = "sequential", runs = 200, ...rest } = options;
  const rule = trustedRule(params);
  const rate = Math.min(100, normalRate * 2);
  const traffic = { ...rest, jobsPerHour, errorRate: normalRate };
  const counting = countingNeeded(traffic, rate);
  const problem = problemOf(traffic, rate, rule.warningErrorRate);
  if (problem !== null) return { rate, hours: null, problem, falseShare: null, counting };
  const categories = categoriesOf(traffic);
  const monitor = () => monitorOf(analysis, params, categories);
  const seen = [];
  let missed = 0;
  while (seen.length < runs && missed <= (1 - SOAK_POWER) * runs) {
    const at = hoursUntilRaised(traffic, rate, LONGEST_SOAK_HOURS, monitor(), random);
    seen.push(at);
    if (at === Infinity) missed += 1;
  }
  const hours = lowerQuantile(seen, SOAK_POWER);
  if (seen.length < runs || hours === Infinity) {
    return { rate, hours: null, problem: "too_few_jobs", falseShare: null, counting };
  }
  const normal = Array.from(
    { length: runs },
    () => hoursUntilRaised(traffic, normalRate, hours, monitor(), random)
  );
  return { rate, hours, problem: null, falseShare: shareOf(normal, Number.isFinite), counting };
}
function hoursUntilRaised(traffic, errorRate, hours, monitor, random) {
  for (const step of lifeOf(arrivalsOf(traffic, hours, random), { errorRate })) {
    if (raises(monitor(step))) return (step.minute + STEP_MINUTES) / 60;
  }
  return Infinity;
}
function problemOf(traffic, doubled, warningRate) {
  if (traffic.jobsPerHour === 0) return "no_jobs";
  if (traffic.errorRate === 0) return "nothing_to_double";
  if (traffic.errorRate >= warningRate) return "normal_over_warning_rate";
  return doubled <= warningRate ? "doubled_under_warning_rate" : null;
}
var SURE = 1.645;
var POWER = 0.842;
function countingNeeded(traffic, doubled) {
  const { jobsPerHour, errorRate, jobsTogether = 1 } = traffic;
  const [before, after] = [errorRate / 100, doubled / 100];
  if (jobsPerHour === 0 || after <= before) return null;
  const spread = SURE * Math.sqrt(before * (1 - before)) + POWER * Math.sqrt(after * (1 - after));
  const jobs = Math.ceil((spread / (after - before)) ** 2 * jobsTogether);
  return { jobs, hours: jobs / jobsPerHour };
}

// src/domain/simulation/measured.ts
var LEAST_BUCKETS = 20;
var LEAST_ERRORS = 10;
function measureTraffic(rows, since, until, { windows, durations }) {
  const within = rows.filter(({ minute }) => minute >= since - BUCKET_MINUTES && minute < until);
  const counts = emptyTally();
  const byCategory = /* @__PURE__ */ new Map();
  for (const row of within) {
    const tally = byCategory.get(row.category) ?? emptyTally();
    byCategory.set(row.category, tally);
    add(tally, row);
    add(counts, row);
  }
  if (counts.jobs === 0) return null;
  const hours = Math.max(BUCKET_MINUTES, until - since) / 60;
  return {
    jobsPerHour: counts.jobs / hours,
    errorRate: percent(counts.errors, counts.jobs),
    control: counts.controlJobs === 0 ? null : {
      jobsPerHour: counts.controlJobs / hours,
      errorRate: percent(counts.controlErrors, counts.controlJobs)
    },
    categories: [...byCategory].map(([category, tally]) => shareOfCategory(category, tally, counts)),
    counts,
    since,
    until,
    clumping: clumpingOf(within, counts),
    bursts: burstsOf(
      windows.filter(({ startedAt }) => startedAt >= since * 60 - 300 && startedAt < until * 60)
    ),
    meanSeconds: durations.timed < LEAST_TIMED ? null : durations.meanSeconds
  };
}
function burstsOf(windows) {
  let [spans, jobs, failed, failedSpans] = [0, 0, 0, 0];
  for (const window of windows) {
    spans += window.spans;
    jobs += window.jobs;
    failed += window.failed;
    failedSpans += window.failedSpans;
  }
  if (spans === 0) return null;
  return { jobsPerSpan: jobs / spans, failedTogether: failedSpans === 0 ? 1 : failed / failedSpans };
}
function shareOfCategory(category, tally, all) {
  return {
    category,
    share: tally.jobs / all.jobs,
    controlShare: all.controlJobs === 0 ? 0 : tally.controlJobs / all.controlJobs
  };
}
function percent(part, whole) {
  return part / whole * 100;
}
function clumpingOf(rows, { jobs, errors }) {
  const rate = errors / jobs;
  let sum = 0;
  let buckets = 0;
  for (const { strata } of gather(rows)) {
    const bucket = emptyTally();
    for (const stratum of strata) add(bucket, stratum);
    if (bucket.jobs === 0) continue;
    sum += (bucket.errors - bucket.jobs * rate) ** 2 / (bucket.jobs * rate * (1 - rate));
    buckets += 1;
  }
  return buckets < LEAST_BUCKETS || errors < LEAST_ERRORS || errors === jobs ? null : sum / (buckets - 1);
}

export {
  soakToSeeDoubling,
  measureTraffic
};
