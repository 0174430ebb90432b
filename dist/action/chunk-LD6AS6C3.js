import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  againstText,
  comparedText,
  percentText,
  plural,
  scopeText,
  timeText
} from "./chunk-I2BF2CQV.js";

// src/domain/evidence.ts
var BUCKET_MINUTES = 15;
var LAST_MINUTE = 864e13 / 6e4;
function impossible(rows) {
  if (!Array.isArray(rows)) return "the evidence is not a list of rows";
  let jobs = 0;
  let controlJobs = 0;
  for (const row of rows) {
    if (typeof row !== "object" || row === null) return "a row is not an object";
    if (!(row.minute >= 0 && row.minute <= LAST_MINUTE)) return `a row begins at minute ${row.minute}`;
    if (typeof row.category !== "string") return `${named(row)} has no category`;
    if (!possible(row.jobs, row.errors)) return `${named(row)} has ${row.errors} errors in ${row.jobs} jobs`;
    if (!possible(row.controlJobs, row.controlErrors)) {
      return `${named(row)} has ${row.controlErrors} errors in ${row.controlJobs} control jobs`;
    }
    jobs += row.jobs;
    controlJobs += row.controlJobs;
  }
  const countable = jobs <= Number.MAX_SAFE_INTEGER && controlJobs <= Number.MAX_SAFE_INTEGER;
  return countable ? null : "the rows add up to more jobs than can be counted";
}
function possible(jobs, errors) {
  return Number.isSafeInteger(jobs) && Number.isSafeInteger(errors) && errors >= 0 && errors <= jobs;
}
function named(row) {
  const time = new Date(row.minute * 6e4).toISOString();
  return `the row of ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}
function gather(rows) {
  const buckets = /* @__PURE__ */ new Map();
  for (const row of rows) {
    if (row.jobs === 0 && row.controlJobs === 0) continue;
    const minute = Math.floor(row.minute / BUCKET_MINUTES) * BUCKET_MINUTES;
    const bucket = buckets.get(minute);
    if (!bucket) buckets.set(minute, { minute, strata: [stratumOf(row)] });
    else takeIn(bucket.strata, row);
  }
  return [...buckets.values()].sort((a, b) => a.minute - b.minute);
}
function takeIn(strata, more) {
  let place = 0;
  for (const stratum of strata) {
    if (stratum.category === more.category) {
      add(stratum, more);
      return;
    }
    if (stratum.category < more.category) place += 1;
  }
  const copy = stratumOf(more);
  if (place === strata.length) strata.push(copy);
  else strata.splice(place, 0, copy);
}
function stratumOf({ category, jobs, errors, controlJobs, controlErrors }) {
  return { category, jobs, errors, controlJobs, controlErrors };
}
function add(tally, more) {
  tally.jobs += more.jobs;
  tally.errors += more.errors;
  tally.controlJobs += more.controlJobs;
  tally.controlErrors += more.controlErrors;
}
function emptyTally() {
  return { jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
}
function copyTally({ jobs, errors, controlJobs, controlErrors }) {
  return { jobs, errors, controlJobs, controlErrors };
}
function treatedCategories(buckets) {
  const treated = /* @__PURE__ */ new Set();
  for (const { strata } of buckets) {
    for (const { category, jobs } of strata) if (jobs > 0) treated.add(category);
  }
  return [...treated].sort();
}
function partOf({ minute, strata }, category) {
  for (const stratum of strata) if (stratum.category === category) return { minute, strata: [stratum] };
  return null;
}

// src/domain/score.ts
var ODDS_MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20];
function newRuns(designEffect, share = 0) {
  return ODDS_MULTIPLIERS.map((multiplier) => ({
    multiplier,
    reward: Math.log(multiplier) / designEffect,
    cost: Math.log1p((multiplier - 1) * share) / designEffect,
    level: 0,
    start: 0
  }));
}
function copyRuns(runs) {
  return runs.map(({ multiplier, reward, cost, level, start }) => ({
    multiplier,
    reward,
    cost,
    level,
    start
  }));
}
function advance(run, ordinal, increment) {
  if (run.level <= 0) {
    run.level = 0;
    run.start = ordinal;
  }
  run.level += increment;
}
function advanceFixed(runs, ordinal, errors, trials) {
  for (const run of runs) advance(run, ordinal, errors * run.reward - trials * run.cost);
}
function advanceGroups(runs, ordinal, groups, designEffect) {
  for (const run of runs) {
    let increment = 0;
    for (const { errors, trials, share } of groups) {
      increment += errors * run.reward - trials * Math.log1p((run.multiplier - 1) * share) / designEffect;
    }
    advance(run, ordinal, increment);
  }
}
function scoreOf(runs) {
  const top = leaderOf(runs).level;
  let sum = 0;
  for (const run of runs) sum += Math.exp(run.level - top);
  return top + Math.log(sum / runs.length);
}
function leaderOf(runs) {
  let leader = runs[0];
  for (const run of runs) if (run.level > leader.level) leader = run;
  return leader;
}

// src/domain/health/relative.ts
function newRelative(rule) {
  return { closed: newRuns(rule.designEffect), block: -1, first: 0, open: [] };
}
function observeBlock(relative, bucket, ordinal, rule) {
  const block = Math.floor(bucket.minute / rule.blockMinutes);
  if (block !== relative.block) {
    countOpen(relative, relative.closed, rule);
    relative.block = block;
    relative.first = ordinal;
    relative.open = [];
  }
  for (const stratum of bucket.strata) takeIn(relative.open, stratum);
}
function relativeRuns(relative, rule) {
  const runs = copyRuns(relative.closed);
  countOpen(relative, runs, rule);
  return runs;
}
function countOpen({ open, first }, runs, rule) {
  if (open.length === 0) return;
  const groups = open.map((stratum) => failuresByArm(stratum, rule.oddsRatio));
  advanceGroups(runs, first, groups, rule.designEffect);
}
function failuresByArm({ jobs, errors, controlJobs, controlErrors }, oddsRatio) {
  if (jobs === 0 || controlJobs === 0) return { errors: 0, trials: 0, share: 0 };
  const share = oddsRatio * jobs / (oddsRatio * jobs + controlJobs);
  return { errors, trials: errors + controlErrors, share };
}

// src/domain/health/watch.ts
function newWatch(rule) {
  return {
    rule,
    totals: emptyTally(),
    buckets: [],
    minutes: [],
    before: [],
    absolute: newRuns(rule.designEffect, rule.maxErrorRate / 100),
    warning: newRuns(rule.designEffect, rule.warningErrorRate / 100),
    critical: newRuns(rule.designEffect, rule.criticalErrorRate / 100),
    relative: newRelative(rule)
  };
}
function observe(watch, bucket) {
  const { totals, minutes } = watch;
  const ordinal = minutes.length;
  if (ordinal > 0 && bucket.minute <= minutes[ordinal - 1]) {
    throw new RangeError("buckets must come in the order of time");
  }
  const before = copyTally(totals);
  watch.buckets.push(bucket);
  minutes.push(bucket.minute);
  watch.before.push(before);
  for (const stratum of bucket.strata) add(totals, stratum);
  const errors = totals.errors - before.errors;
  const jobs = totals.jobs - before.jobs;
  advanceFixed(watch.absolute, ordinal, errors, jobs);
  advanceFixed(watch.warning, ordinal, errors, jobs);
  advanceFixed(watch.critical, ordinal, errors, jobs);
  observeBlock(watch.relative, bucket, ordinal, watch.rule);
}
function readingsOf(watch) {
  return {
    absolute: readingOf(watch, watch.absolute),
    relative: readingOf(watch, relativeRuns(watch.relative, watch.rule)),
    warning: readingOf(watch, watch.warning),
    critical: readingOf(watch, watch.critical)
  };
}
function readingOf(watch, runs) {
  const { rule } = watch;
  const score = scoreOf(runs);
  const window = windowFrom(watch, leaderOf(runs).start);
  if (isEnough(window, rule)) return { score, firm: score, window };
  const least = Math.log(rule.warningEvidence);
  const rested = score < least ? [] : runs.filter(({ start }) => isEnough(windowFrom(watch, start), rule));
  if (rested.length === 0) return { score, firm: -Infinity, window };
  const firm = scoreOf(rested) + Math.log(rested.length / runs.length);
  return { score, firm, window: firm < least ? window : windowFrom(watch, leaderOf(rested).start) };
}
function isEnough({ jobs, errors }, { minimumJobs, minimumErrors }) {
  return jobs >= minimumJobs && errors >= minimumErrors;
}
function windowFrom({ minutes, before, totals }, start) {
  const then = before[start] ?? emptyTally();
  return {
    since: minutes[start] ?? null,
    jobs: totals.jobs - then.jobs,
    errors: totals.errors - then.errors,
    controlJobs: totals.controlJobs - then.controlJobs,
    controlErrors: totals.controlErrors - then.controlErrors
  };
}

// src/domain/health/shared-outage.ts
function sharedOutage(watch, window) {
  const { rule } = watch;
  const compared = strataSince(watch, window).filter(
    ({ errors, controlJobs }) => errors > 0 && controlJobs > 0
  );
  const counts = emptyTally();
  for (const stratum of compared) add(counts, stratum);
  const shared = counts.controlJobs >= rule.minimumJobs && counts.controlErrors >= rule.minimumErrors && controlIsOver(compared, counts, rule) && oddsAreAlike(compared, rule);
  if (!shared) return null;
  const categories = compared.map(({ category }) => category);
  return provenWithout(watch, categories) ? null : { counts, categories };
}
function strataSince({ buckets }, { since }) {
  const strata = [];
  for (const bucket of buckets) {
    if (since === null || bucket.minute < since) continue;
    for (const stratum of bucket.strata) takeIn(strata, stratum);
  }
  return strata;
}
function controlIsOver(compared, { jobs }, { maxErrorRate }) {
  const [only] = compared;
  if (only && compared.length === 1) return only.controlErrors * 100 > only.controlJobs * maxErrorRate;
  let failing = 0;
  for (const stratum of compared) failing += stratum.jobs * stratum.controlErrors / stratum.controlJobs;
  return failing * 100 > jobs * maxErrorRate;
}
function oddsAreAlike(compared, { oddsRatio }) {
  let worse = 0;
  let better = 0;
  for (const { jobs, errors, controlJobs, controlErrors } of compared) {
    const weight = compared.length === 1 ? 1 : jobs + controlJobs;
    worse += errors * (controlJobs - controlErrors) / weight;
    better += controlErrors * (jobs - errors) / weight;
  }
  return worse <= oddsRatio * better;
}
function provenWithout({ buckets, rule }, categories) {
  const rest = newWatch(rule);
  for (const bucket of buckets) {
    const strata = bucket.strata.filter(({ category }) => !categories.includes(category));
    if (strata.length > 0) observe(rest, { minute: bucket.minute, strata });
  }
  return readingsOf(rest).absolute.firm >= Math.log(rule.evidence);
}

// src/domain/health/decide.ts
function decide(watch) {
  const readings = readingsOf(watch);
  const [verdict, reasonCode, shared = null] = firstMatch(watch, readings);
  return { verdict, reasonCode, severity: severityOf(verdict, readings, watch.rule), readings, shared };
}
function firstMatch(watch, readings) {
  const { rule, totals } = watch;
  const { absolute, relative, warning } = readings;
  const over = reaches(absolute, rule.evidence);
  const worse = reaches(relative, rule.evidence);
  if (totals.jobs === 0) return ["no_data", "no_treated_jobs"];
  if (worse && reaches(absolute, rule.warningEvidence))
    return ["harmful", "worse_than_control_and_over_limit"];
  const shared = over && rule.sharedOutage === "suspect" ? sharedOutage(watch, absolute.window) : null;
  if (shared) return ["suspect", "shared_outage", shared];
  if (over) return ["harmful", "over_limit"];
  if (worse) return ["suspect", "worse_than_control"];
  if (reaches(warning, rule.warningEvidence)) return ["warning", "over_warning_rate"];
  if (reaches(relative, rule.warningEvidence)) return ["warning", "drifting_from_control"];
  if (totals.jobs < rule.minimumJobs || thinlyRaised(readings, rule)) return ["insufficient", "too_few_jobs"];
  return ["healthy", "healthy"];
}
function reaches({ firm }, evidence) {
  return firm >= Math.log(evidence);
}
function thinlyRaised({ warning, relative }, rule) {
  return [warning, relative].find(({ score }) => score >= Math.log(rule.warningEvidence));
}
function severityOf(verdict, { critical }, rule) {
  if (verdict === "warning" || verdict === "suspect" || verdict === "harmful") {
    if (reaches(critical, rule.warningEvidence)) return "critical";
    return verdict === "warning" ? "warning" : "error";
  }
  return "none";
}

// src/domain/health/explain.ts
function explain(decision, watch, category) {
  const { readings, shared } = decision;
  const facts = { ...readings, rule: watch.rule, watch, shared, now: watch.minutes.at(-1) ?? 0 };
  return scopeText(category) + SENTENCES[decision.reasonCode](facts);
}
var SENTENCES = {
  impossible_evidence: () => "not judged",
  no_treated_jobs: ({ watch }) => {
    const { controlJobs } = watch.totals;
    return `no job of the treatment arm has finished${controlJobs > 0 ? `, against ${controlJobs} of control` : ""}`;
  },
  worse_than_control_and_over_limit: (facts) => {
    const { absolute, relative, rule, now } = facts;
    const same = absolute.window.since === relative.window.since;
    const over = same ? "" : `${failedText(absolute.window, now)}, `;
    return `${worseText(facts, rule.evidence)}; and ${over}at a limit of ${percentText(rule.maxErrorRate)} evidence ${againstText(absolute.score, rule.warningEvidence)}`;
  },
  shared_outage: (facts) => {
    const { controlErrors, controlJobs } = facts.shared?.counts ?? facts.absolute.window;
    const where = controlJobs === facts.absolute.window.controlJobs ? "" : ` of ${categoriesText(facts.shared)}`;
    return `${overText(facts)}, but ${controlErrors} of ${controlJobs} control jobs${where} failed too: an outage that both arms share`;
  },
  over_limit: (facts) => overText(facts),
  worse_than_control: (facts) => {
    const { absolute, rule } = facts;
    const limit = `for the limit of ${percentText(rule.maxErrorRate)}`;
    return `${worseText(facts, rule.evidence)}; ${limit} it is ${againstText(absolute.score, rule.warningEvidence)}`;
  },
  over_warning_rate: (facts) => warningText(facts),
  drifting_from_control: (facts) => worseText(facts, facts.rule.warningEvidence),
  too_few_jobs: (facts) => {
    const { watch, relative, rule } = facts;
    const thin = watch.totals.jobs < rule.minimumJobs ? void 0 : thinlyRaised(facts, rule);
    if (thin === void 0) return missingText(watch.totals, rule);
    const raised = thin === relative ? worseText(facts, rule.warningEvidence) : warningText(facts);
    return `${raised}, but ${moreText(thin.window, rule)} needed for a judgement`;
  },
  healthy: (facts) => {
    const { jobs, errors } = facts.watch.totals;
    const all = `${errors} of ${plural(jobs, "job")} failed in all`;
    return facts.warning.window.jobs < jobs ? warningText(facts, all) : warningText(facts);
  }
};
function missingText(counts, rule, since = "") {
  const { jobs, errors } = counts;
  return `${plural(jobs, "job")} finished${since}, ${errors} failed; ${moreText(counts, rule)} needed for a judgement`;
}
function moreText({ jobs, errors }, { minimumJobs, minimumErrors }) {
  const [missing, word] = jobs < minimumJobs ? [Math.ceil(minimumJobs - jobs), "more job"] : [Math.ceil(minimumErrors - errors), "more failure"];
  return `${plural(missing, word)} ${missing === 1 ? "is" : "are"}`;
}
function failedText({ errors, jobs, since }, now) {
  return `${errors} of ${plural(jobs, "job")} failed since ${timeText(since ?? now, now)}`;
}
function categoriesText(shared) {
  return (shared?.categories ?? []).map((category) => category || "subjects without a category").join(" and ");
}
function pooledText({ designEffect }) {
  return designEffect === 1 ? "" : `, ${Number(designEffect.toFixed(2))} jobs counting as one,`;
}
function overText({ absolute, rule, now }) {
  return `${failedText(absolute.window, now)}; at a limit of ${percentText(rule.maxErrorRate)}${pooledText(rule)} that is evidence ${againstText(absolute.score, rule.evidence)}`;
}
function warningText({ warning, rule, now }, all) {
  const { errors, jobs, since } = warning.window;
  const recent = all && `${all}, ${errors} of ${jobs} since ${timeText(since ?? now, now)}`;
  return `${recent ?? failedText(warning.window, now)}; at a warning rate of ${percentText(rule.warningErrorRate)}${pooledText(rule)} that is evidence ${againstText(warning.score, rule.warningEvidence)}`;
}
function worseText({ relative, rule, now }, evidence) {
  const { controlErrors, controlJobs } = relative.window;
  return `${failedText(relative.window, now)} and ${controlErrors} of ${controlJobs} in control; at tolerated odds of ${Number(rule.oddsRatio.toFixed(2))} to 1${pooledText(rule)} that is evidence ${againstText(relative.score, evidence)}`;
}

// src/domain/health/judgement.ts
var ALL = "all";
function unjudged(problem) {
  return {
    verdict: "error",
    reasonCode: "impossible_evidence",
    reason: `not judged: ${problem}`,
    severity: "error",
    scope: ALL,
    jobs: 0,
    errors: 0,
    scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
    window: { since: null, ...emptyTally() }
  };
}
var BADNESS = {
  healthy: 0,
  insufficient: 0,
  no_data: 0,
  warning: 1,
  suspect: 2,
  harmful: 3,
  error: 4
};
var GRAVITY = { none: 0, warning: 1, error: 2, critical: 3 };
function compareBadness(a, b) {
  return BADNESS[a.verdict] - BADNESS[b.verdict] || GRAVITY[a.severity] - GRAVITY[b.severity];
}

// src/domain/health/rule.ts
function ruleOf(params = {}) {
  const maxErrorRate = params.maxErrorRate ?? 5;
  const rule = {
    maxErrorRate,
    warningErrorRate: params.warningErrorRate ?? maxErrorRate / 2,
    criticalErrorRate: params.criticalErrorRate ?? Math.min(100, maxErrorRate * 2),
    minimumJobs: params.minimumJobs ?? 10,
    minimumErrors: params.minimumErrors ?? 3,
    designEffect: params.designEffect ?? 1,
    oddsRatio: params.oddsRatio ?? 2,
    evidence: params.evidence ?? 2e3,
    warningEvidence: params.warningEvidence ?? 100,
    blockMinutes: params.blockMinutes ?? 60,
    sharedOutage: params.sharedOutage ?? "suspect"
  };
  return problemOf(rule) ?? rule;
}
function problemOf(rule) {
  for (const rate of ["maxErrorRate", "warningErrorRate", "criticalErrorRate"]) {
    if (!(rule[rate] >= 0 && rule[rate] <= 100)) return `${rate} is ${rule[rate]}, not 0 to 100 percent`;
  }
  for (const count of ["minimumJobs", "minimumErrors"]) {
    if (!(rule[count] >= 0 && rule[count] < Infinity))
      return `${count} is ${rule[count]}, not a number of 0 or more`;
  }
  if (!(rule.designEffect >= 1 && rule.designEffect < Infinity)) {
    return `designEffect is ${rule.designEffect}, not a number of 1 or more`;
  }
  for (const odds of ["evidence", "warningEvidence"]) {
    if (!(rule[odds] > 1 && rule[odds] < Infinity)) return `${odds} is ${rule[odds]}, not a number above 1`;
  }
  if (!(rule.oddsRatio > 0 && rule.oddsRatio < Infinity))
    return `oddsRatio is ${rule.oddsRatio}, not above 0`;
  if (!(rule.blockMinutes > 0 && rule.blockMinutes % BUCKET_MINUTES === 0)) {
    return `blockMinutes is ${rule.blockMinutes}, not a multiple of ${BUCKET_MINUTES}`;
  }
  if (rule.sharedOutage !== "suspect" && rule.sharedOutage !== "harmful") {
    return `sharedOutage is ${rule.sharedOutage}, not suspect or harmful`;
  }
  return null;
}
function healthParams(spec) {
  const { thresholds, rollback } = spec;
  return {
    maxErrorRate: thresholds.max_error_rate,
    warningErrorRate: thresholds.warning_error_rate,
    criticalErrorRate: thresholds.critical_error_rate,
    minimumJobs: thresholds.minimum_jobs,
    designEffect: thresholds.design_effect,
    sharedOutage: rollback.on_shared_outage === "rollback" ? "harmful" : "suspect"
  };
}

// src/domain/threshold-rule.ts
var DEFAULT_WINDOW = 1440;
function thresholdParams(spec, now) {
  const params = { ...healthParams(spec), windowMinutes: spec.thresholds.window / 60 };
  return now === void 0 ? params : { ...params, now };
}
function judgeByThreshold(rows, params = {}) {
  const rule = ruleOf(params);
  const { windowMinutes = DEFAULT_WINDOW, now } = params;
  const problem = typeof rule === "string" ? rule : windowProblem(windowMinutes, now) ?? impossible(rows);
  if (typeof rule === "string" || problem !== null) return unjudged(problem ?? "");
  const buckets = gather(rows);
  const last = buckets.at(-1)?.minute ?? 0;
  const end = now === void 0 ? last + BUCKET_MINUTES : Math.ceil(now / BUCKET_MINUTES) * BUCKET_MINUTES;
  const counts = emptyTally();
  let since = null;
  for (const { minute, strata } of buckets) {
    if (minute < end - windowMinutes) continue;
    for (const stratum of strata) add(counts, stratum);
    since ??= minute;
  }
  const { jobs, errors } = counts;
  return {
    ...decideByRate(counts, rule),
    reason: reasonOf(counts, rule, since === null ? "" : ` since ${timeText(since, last)}`),
    scope: ALL,
    jobs,
    errors,
    scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
    window: { since: jobs > 0 ? since : null, ...counts }
  };
}
function newRateWindow(rule, windowMinutes) {
  return { rule, windowMinutes, sum: emptyTally(), buckets: [] };
}
function slide(window, bucket) {
  const { buckets, sum } = window;
  buckets.push(bucket);
  for (const stratum of bucket.strata) add(sum, stratum);
  const begin = bucket.minute + BUCKET_MINUTES - window.windowMinutes;
  while ((buckets[0]?.minute ?? begin) < begin) {
    for (const stratum of buckets.shift()?.strata ?? []) add(sum, negated(stratum));
  }
  return decideByRate(sum, window.rule);
}
function negated({ jobs, errors, controlJobs, controlErrors }) {
  return { jobs: -jobs, errors: -errors, controlJobs: -controlJobs, controlErrors: -controlErrors };
}
function windowProblem(windowMinutes, now) {
  if (!(windowMinutes > 0 && windowMinutes < Infinity))
    return `windowMinutes is ${windowMinutes}, not above 0`;
  return now === void 0 || now >= 0 ? null : `now is ${now}, not a minute since 1970`;
}
function decideByRate({ jobs, errors }, rule) {
  if (jobs === 0) return { verdict: "no_data", reasonCode: "no_treated_jobs", severity: "none" };
  if (jobs < rule.minimumJobs)
    return { verdict: "insufficient", reasonCode: "too_few_jobs", severity: "none" };
  const over = (limit) => errors * 100 > jobs * limit;
  if (over(rule.maxErrorRate)) {
    const severity = over(rule.criticalErrorRate) ? "critical" : "error";
    return { verdict: "harmful", reasonCode: "over_limit", severity };
  }
  if (over(rule.warningErrorRate))
    return { verdict: "warning", reasonCode: "over_warning_rate", severity: "warning" };
  return { verdict: "healthy", reasonCode: "healthy", severity: "none" };
}
function reasonOf(counts, rule, since) {
  const { jobs, errors } = counts;
  const { reasonCode } = decideByRate(counts, rule);
  if (reasonCode === "no_treated_jobs") return "no job of the treatment arm has finished in the window";
  if (reasonCode === "too_few_jobs") return missingText(counts, rule, since);
  const rate = errors / jobs * 100;
  const failed = `${errors} of ${plural(jobs, "job")} failed${since}; `;
  if (reasonCode === "over_limit") return failed + comparedText(rate, rule.maxErrorRate, "over the limit of");
  if (reasonCode === "healthy")
    return failed + comparedText(rate, rule.warningErrorRate, "not over the warning rate of");
  return failed + comparedText(rate, rule.warningErrorRate, "over the warning rate of");
}

export {
  BUCKET_MINUTES,
  impossible,
  gather,
  add,
  emptyTally,
  treatedCategories,
  partOf,
  newWatch,
  observe,
  decide,
  ruleOf,
  healthParams,
  explain,
  ALL,
  unjudged,
  compareBadness,
  DEFAULT_WINDOW,
  thresholdParams,
  judgeByThreshold,
  newRateWindow,
  slide
};
