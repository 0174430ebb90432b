import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  ALL_CATEGORIES,
  LONGEST_SLICE,
  copiedLedger,
  criticalReading,
  enter,
  newLedger,
  newLevelWatch,
  newScopeWatch,
  observeAll,
  observeLevels,
  padded,
  readLevels,
  readRelative,
  sameRates,
  scoresWithout,
  strataOf
} from "./chunk-KQIIWPI2.js";
import {
  JOBS,
  againstText,
  comparedText,
  percentText,
  plural,
  timeText
} from "./chunk-B2BW3BM7.js";
import {
  TOLERATED_ODDS,
  isGroup
} from "./chunk-RPGLZE3Y.js";
import {
  atMinute
} from "./chunk-264FZAQV.js";

// src/domain/health/judgement.ts
var ALL = "all";
var EMPTY_WINDOW = { since: null, jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
function windowOf(run) {
  return {
    since: run.since === null ? null : Math.floor(run.since / 60),
    jobs: run.finished,
    errors: run.failed,
    controlJobs: run.controlJobs,
    controlErrors: run.controlFailed
  };
}
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
    window: EMPTY_WINDOW
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

// src/domain/score/rule.ts
function ruleOf(params = {}) {
  const maxErrorRate = params.maxErrorRate ?? 5;
  const rule = {
    maxErrorRate,
    warningErrorRate: params.warningErrorRate ?? maxErrorRate / 2,
    criticalErrorRate: params.criticalErrorRate ?? Math.min(100, maxErrorRate * 2),
    minimumJobs: params.minimumJobs ?? 10,
    minimumErrors: params.minimumErrors ?? 3,
    evidence: params.evidence ?? 5e3,
    warningEvidence: params.warningEvidence ?? 1e3,
    sharedOutage: params.sharedOutage ?? "suspect",
    fewSubjects: params.fewSubjects ?? "suspect",
    toleratedOdds: params.toleratedOdds ?? TOLERATED_ODDS,
    actingBeside: params.actingBeside ?? 0,
    shared: params.shared ?? false
  };
  return problemOf(rule) ?? rule;
}
function problemOf(rule) {
  for (const rate of ["maxErrorRate", "warningErrorRate", "criticalErrorRate"]) {
    if (!(rule[rate] >= 0 && rule[rate] <= 100)) return `${rate} is ${rule[rate]}, not 0 to 100 percent`;
  }
  for (const count of ["minimumJobs", "minimumErrors", "toleratedOdds", "actingBeside"]) {
    if (!(rule[count] >= 0 && rule[count] < Infinity))
      return `${count} is ${rule[count]}, not a number of 0 or more`;
  }
  for (const odds of ["evidence", "warningEvidence"]) {
    if (!(rule[odds] > 1 && rule[odds] < Infinity)) return `${odds} is ${rule[odds]}, not a number above 1`;
  }
  for (const excuse of ["sharedOutage", "fewSubjects"]) {
    if (rule[excuse] !== "suspect" && rule[excuse] !== "harmful")
      return `${excuse} is ${rule[excuse]}, not suspect or harmful`;
  }
  return null;
}
function trustedRule(params = {}) {
  const rule = ruleOf(params);
  if (typeof rule === "string") throw new RangeError(rule);
  return rule;
}
function healthParams(spec) {
  const { thresholds, rollback } = spec;
  return {
    maxErrorRate: thresholds.max_error_rate,
    warningErrorRate: thresholds.warning_error_rate,
    criticalErrorRate: thresholds.critical_error_rate,
    minimumJobs: thresholds.minimum_jobs,
    sharedOutage: rollback.on_shared_outage === "rollback" ? "harmful" : "suspect",
    fewSubjects: rollback.few_subjects === "rollback" ? "harmful" : "suspect"
  };
}

// src/domain/verdict/lone-subject.ts
var CORRELATION = 1 / 3;
var LONE_EVIDENCE = 1e4;

// src/domain/health/sentence.ts
function reasonSentence(reason, now, of = JOBS) {
  switch (reason.code) {
    case "impossible_evidence":
      return `not judged: ${reason.problem}`;
    case "no_treated_jobs":
      return `${noneText(of)}${reason.controlJobs > 0 ? `, against ${reason.controlJobs} of control` : ""}`;
    case "over_limit":
      return overText(reason.absolute, now, of);
    case "shared_outage": {
      const { controlFailed, controlJobs, categories } = reason.shared;
      const where = controlJobs === reason.absolute.run.controlJobs ? "" : ` of ${categoriesText(categories)}`;
      return `${overText(reason.absolute, now, of)}, but ${controlFailed} of ${controlJobs} control ${of.one}s${where} ${of.failed} too: an outage that both arms share`;
    }
    case "awaiting_control":
      return `${overText(reason.absolute, now, of)}, but control has ${of === JOBS ? "finished " : ""}only ${plural(reason.controlJobs, of.one)} since then: too few to know whether it fails as well`;
    case "few_subjects": {
      if (reason.without === null) return loneText(reason.worst, now, of);
      const among = reason.subjects === reason.worst.length ? "" : ` of ${reason.subjects} subjects`;
      return `${overText(reason.absolute, now, of)}, but without ${worstText(reason.worst, of)}${among} it is ${reason.without.toFixed(1)} against 4.6 needed: quarantine or fix them`;
    }
    case "young_epoch":
      return `${overText(reason.absolute, now, of)}, but until ${timeText(Math.ceil(reason.until / 60), now)} the epoch is too young to be judged by the jobs that end first`;
    case "storm":
      return `${reason.judged}, but more than ${Math.floor(reason.limit)} features crossed their limits within ten minutes: a cause outside of them is more likely`;
    case "worse_than_control":
      return `${worseText(reason.relative, now, of)}; for the limit of ${percentText(reason.absolute.rate)} it is ${againstText(reason.absolute.score, reason.absolute.evidence)}`;
    case "over_warning_rate":
      return warningText(reason.warning, now, of);
    case "drifting_from_control":
      return worseText(reason.relative, now, of);
    case "too_few_jobs":
      return tooFewText(reason, now, of);
    case "healthy": {
      const { finished, failed, warning } = reason;
      const all = `${failed} of ${plural(finished, of.one)} ${of.failed} in all`;
      return warning.run.finished < finished ? warningText(warning, now, of, all) : warningText(warning, now, of);
    }
    case "ratio": {
      const { wrong, subjects, named: named2 } = reason.arms;
      return `not judged: ${wrong} of ${plural(subjects, "subject")} ran jobs in the other arm than the database gives them, such as ${named2.join(", ")}; check that every process follows the snapshot`;
    }
    case "silent": {
      const { processes, silentSeconds, missing, finished } = reason.hosts;
      return `not judged: ${plural(missing, "routed job")} should have ended in ${plural(processes, "host")} last heard of ${Math.round(silentSeconds / 60)} minutes ago, while others go on (${plural(finished, "job")} finished since); they count as failed at job_timeout`;
    }
  }
}
function missingText(finished, failed, missing, since = "", of = JOBS) {
  return `${plural(finished, of.one)}${of.ended}${since}, ${failed} ${of.failedShort}; ${moreText(missing, of)} needed for a judgement`;
}
function noneText({ one, ended }) {
  return ended === "" ? `no ${one} of the treatment arm yet` : `no ${one} of the treatment arm has${ended}`;
}
function moreText({ what, count }, { one, span }) {
  const word = what === "jobs" ? one : span;
  return count === 1 ? `1 more ${word} is` : `${count} more ${word.replace(/^\w+/, "$&s")} are`;
}
function tooFewText(reason, now, of) {
  const { raised, missing, finished, failed } = reason;
  if (raised === null) return missingText(finished, failed, missing, "", of);
  const text = "warning" in raised ? warningText(raised.warning, now, of) : worseText(raised.relative, now, of);
  return `${text}, but ${moreText(missing, of)} needed for a judgement`;
}
function failedText({ failed, finished, since }, now, of) {
  return `${failed} of ${plural(finished, of.one)} ${of.failed} since ${timeText(minuteOf(since, now), now)}`;
}
function minuteOf(since, now) {
  return since === null ? now : Math.floor(since / 60);
}
function categoriesText(categories) {
  return categories.map((category) => category || "subjects without a category").join(" and ");
}
var MOST_NAMED = 5;
function worstText(worst, { failedShort }) {
  const named2 = worst.slice(0, MOST_NAMED).map(
    ({ subject, jobs, failed }) => `${isGroup(subject) ? "a group of subjects" : subject} (${failed} of ${jobs} ${failedShort})`
  );
  const more = worst.length - named2.length;
  return more > 0 ? `${named2.join(", ")} and ${more} more` : named2.join(", ");
}
function loneText(lone, now, of) {
  const [worst, ...others] = lone;
  const more = others.length > 0 ? `; so are ${worstText(others, of)}` : "";
  const share = Math.floor(100 * worst.failed / Math.max(1, worst.everybody));
  return `${worst.subject} alone is to blame: ${worst.failed} of ${plural(worst.jobs, of.one)} ${of.failed} since ${timeText(minuteOf(worst.since, now), now)}, in ${worst.failedWindows} windows of five minutes, which is ${share}% of all ${worst.everybody} jobs; that it fails nearly everything is evidence ${againstText(worst.score, LONE_EVIDENCE)}${more}: quarantine or fix ${others.length > 0 ? "them" : "it"}`;
}
function arithmetic({ multiplier, level, cost, spans }) {
  return `odds x ${multiplier}: ${(level + cost * spans).toFixed(1)} - ${Math.round(spans)} spans x ${cost.toFixed(4)}`;
}
function overText({ run, rate, score, evidence }, now, of) {
  return `${failedText(run, now, of)}; at a limit of ${percentText(rate)} that is evidence ${againstText(score, evidence)} (${arithmetic(run)})`;
}
function warningText({ run, rate, score, evidence }, now, of, all) {
  const recent = all && `${all}, ${run.failed} of ${run.finished} since ${timeText(minuteOf(run.since, now), now)}`;
  return `${recent ?? failedText(run, now, of)}; at ${of.warningRate} of ${percentText(rate)} that is evidence ${againstText(score, evidence)}`;
}
function worseText({ run, score, evidence, odds }, now, of) {
  return `${failedText(run, now, of)} and ${run.controlFailed} of ${run.controlJobs} in control; at tolerated odds of ${odds} to 1 that is evidence ${againstText(score, evidence)}`;
}

// src/domain/evidence/evidence.ts
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
  const time = atMinute(row.minute).toISOString();
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

// src/domain/health/threshold-rule.ts
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
  if (reasonCode === "too_few_jobs")
    return missingText(jobs, errors, { what: "jobs", count: Math.ceil(rule.minimumJobs - jobs) }, since);
  const rate = errors / jobs * 100;
  const failed = `${errors} of ${plural(jobs, "job")} failed${since}; `;
  if (reasonCode === "over_limit") return failed + comparedText(rate, rule.maxErrorRate, "over the limit of");
  if (reasonCode === "healthy")
    return failed + comparedText(rate, rule.warningErrorRate, "not over the warning rate of");
  return failed + comparedText(rate, rule.warningErrorRate, "over the warning rate of");
}

// src/domain/verdict/budget.ts
var OVER_ALL = 1 / 2;
function ruleOver(rule, categories, scope) {
  const others = judgedCategories(categories) + rule.actingBeside;
  if (others === 0 || rule.shared) return rule;
  return {
    ...rule,
    evidence: scope === "all" ? rule.evidence / OVER_ALL : evidenceBeside(rule.evidence, others),
    // A warning only costs somebody a look. Categories share its evidence, because they are several; errors over all
    // do not.
    warningEvidence: scope === "all" ? rule.warningEvidence : rule.warningEvidence * categories
  };
}
function evidenceBeside(evidence, others) {
  return evidence / ((1 - OVER_ALL) / others);
}
function judgedCategories(categories) {
  return categories < 2 ? 0 : categories;
}

// src/domain/verdict/decide.ts
function readingsOf(watch) {
  const { rule, ledger, crossed } = watch;
  return {
    absolute: crossed?.absolute ?? readLevels(watch.absolute, ledger, rule),
    relative: readRelative(watch.relative, rule),
    warning: readLevels(watch.warning, ledger, rule)
  };
}
function verdictOf(watch) {
  return firstMatch(watch, readingsOf(watch))[0];
}
function decide(watch, lone = []) {
  const readings = { ...readingsOf(watch), critical: criticalReading(watch) };
  const [verdict, reason] = firstMatch(watch, readings, lone);
  const severity = severityOf(verdict, readings, watch.rule);
  return { category: watch.category, verdict, severity, reason, readings, totals: watch.ledger.totals };
}
function firstMatch(watch, readings, lone = []) {
  const { rule, ledger, crossed, excused } = watch;
  const { finished, failed, controlJobs } = ledger.totals;
  if (finished === 0) return ["no_data", { code: "no_treated_jobs", controlJobs }];
  const absolute = speaking(readings.absolute, rule.maxErrorRate, rule.evidence);
  const warning = speaking(readings.warning, rule.warningErrorRate, rule.warningEvidence);
  if (crossed) return ["harmful", { code: "over_limit", absolute }];
  if (excused) return ["suspect", { ...excused, absolute }];
  if (lone.length > 0 && rule.fewSubjects === "suspect")
    return ["suspect", { code: "few_subjects", absolute, without: null, worst: lone }];
  if (reaches(readings.relative, rule.evidence)) {
    const relative = comparing(readings.relative, rule.evidence, rule);
    return ["suspect", { code: "worse_than_control", relative, absolute }];
  }
  if (reaches(readings.warning, rule.warningEvidence)) {
    return ["warning", { code: "over_warning_rate", warning }];
  }
  if (reaches(readings.relative, rule.warningEvidence)) {
    const relative = comparing(readings.relative, rule.warningEvidence, rule);
    return ["warning", { code: "drifting_from_control", relative }];
  }
  if (finished < rule.minimumJobs) {
    const missing = { what: "jobs", count: Math.ceil(rule.minimumJobs - finished) };
    return ["insufficient", { code: "too_few_jobs", finished, failed, raised: null, missing }];
  }
  const thin = thinlyRaised(readings, rule);
  if (thin) return ["insufficient", { code: "too_few_jobs", finished, failed, ...thin }];
  return ["healthy", { code: "healthy", warning, finished, failed }];
}
function speaking({ score, run }, rate, evidence) {
  return { score, run, rate, evidence };
}
function comparing({ score, run }, evidence, { toleratedOdds }) {
  return { score, run, evidence, odds: toleratedOdds };
}
function reaches({ firm }, evidence) {
  return firm >= Math.log(evidence);
}
function thinlyRaised({ warning, relative }, rule) {
  const least = Math.log(rule.warningEvidence);
  if (warning.score >= least) {
    const raised = { warning: speaking(warning, rule.warningErrorRate, rule.warningEvidence) };
    return { raised, missing: missingOf(warning, rule) };
  }
  if (relative.score < least) return null;
  return {
    raised: { relative: comparing(relative, rule.warningEvidence, rule) },
    missing: missingOf(relative, rule)
  };
}
function missingOf({ run }, { minimumJobs, minimumErrors }) {
  return run.finished < minimumJobs ? { what: "jobs", count: Math.ceil(minimumJobs - run.finished) } : { what: "failures", count: Math.max(1, Math.ceil(minimumErrors - run.failedSpans)) };
}
function severityOf(verdict, { critical }, rule) {
  if (verdict !== "warning" && verdict !== "suspect" && verdict !== "harmful") return "none";
  if (reaches(critical, rule.warningEvidence)) return "critical";
  return verdict === "warning" ? "warning" : "error";
}

// src/domain/verdict/judge.ts
function judgeEvidence(evidence, rule, now) {
  if (evidence.young)
    return {
      ...judgeYoung(evidence, evidence.young, rule, now),
      needsAllWindows: evidence.checkpoint !== null
    };
  const ledgers = ledgersOf(evidence);
  const treated = [...ledgers].flatMap(([category, { totals }]) => totals.spans > 0 ? [category] : []);
  const categories = treated.length < 2 ? [ALL_CATEGORIES] : [ALL_CATEGORIES, ...treated];
  const watches = categories.map((category) => {
    const own = ruleOver(rule, treated.length, category === ALL_CATEGORIES ? "all" : "category");
    return watchScope(evidence, ledgers, own, category, now);
  });
  const decisions = watches.map(
    (watch) => heardOf(decide(watch, loneOf(evidence, watch)), evidence, watch.rule)
  );
  return { decisions, over: watches.flatMap(overOf), needsAllWindows: !suffices(evidence, rule, watches) };
}
function suffices({ checkpoint, isCheckpointOutdated }, rule, watches) {
  if (checkpoint === null) return true;
  if (isCheckpointOutdated || !sameRates(checkpoint.rates, rule)) return false;
  const limit = Math.log(rule.evidence);
  return watches.every(({ peak }) => peak < limit) && checkpoint.scopes.every(([, { peak }]) => peak < limit);
}
function judgeYoung(evidence, { scopes, startsPerControl, timeless, until }, rule, now) {
  const seen = { ...evidence, scopes };
  const ledgers = ledgersOf(seen);
  const own = ruleOver(rule, ledgers.size, "all");
  const watch = watchScope(seen, ledgers, own, ALL_CATEGORIES, now);
  const over = overOf(watch);
  const decision = decide(watch, evidence.lone);
  if (decision.verdict !== "harmful") return { decisions: [decision], over };
  const { checkpoint, blocks, slices } = scopeOf(seen, ALL_CATEGORIES);
  const isControlHeard = slices.some(({ controlJobs }) => controlJobs > 0);
  if (timeless && !isControlHeard && slices.every(({ finished, failed }) => finished === failed))
    return { decisions: [decision], over };
  if (startsPerControl !== null && isControlHeard) {
    const sure = new Map(scopes).set(ALL_CATEGORIES, {
      checkpoint,
      blocks,
      slices: padded(slices, startsPerControl)
    });
    const proven = decide(watchScope({ ...seen, scopes: sure }, ledgers, own, ALL_CATEGORIES, now));
    if (proven.verdict === "harmful") return { decisions: [proven], over };
  }
  const absolute = speaking(decision.readings.absolute, own.maxErrorRate, own.evidence);
  const reason = { code: "young_epoch", absolute, until };
  return { decisions: [{ ...decision, verdict: "suspect", reason }], over };
}
function loneOf({ lone }, { category }) {
  return category === ALL_CATEGORIES ? lone : [];
}
var NOTHING = { checkpoint: null, slices: [], blocks: [] };
function scopeOf({ scopes }, category) {
  return scopes.get(category) ?? NOTHING;
}
function ledgersOf({ scopes }) {
  const ledgers = /* @__PURE__ */ new Map();
  for (const [category, { checkpoint, slices }] of scopes) {
    if (category === ALL_CATEGORIES) continue;
    const ledger = checkpoint ? copiedLedger(checkpoint.ledger) : newLedger();
    for (const slice of slices) enter(ledger, slice);
    ledgers.set(category, ledger);
  }
  return ledgers;
}
function watchScope(evidence, ledgers, rule, category, now) {
  const scope = scopeOf(evidence, category);
  const around = surroundings(evidence, ledgers, category, scope.slices, rule);
  const watch = newScopeWatch(rule, category, evidence.startedAt, scope.checkpoint);
  observeAll(watch, scope, now, around);
  return watch;
}
function surroundings(evidence, ledgers, category, slices, { maxErrorRate }) {
  const within = [...ledgers].filter(([one]) => category === ALL_CATEGORIES || one === category);
  const subjects = evidence.worst.get(category) ?? null;
  const without = subjects && scoresWithout(slices, maxErrorRate, subjects);
  return {
    strata: (from, until) => within.flatMap(([one, ledger]) => strataOf(one, ledger, from, until)),
    provenWithout: (categories, until, rule) => {
      const others = within.filter(([one]) => !categories.includes(one));
      const alone = others.flatMap(([one]) => scopeOf(evidence, one).slices);
      return provenBy(alone, evidence.startedAt, until, rule);
    },
    without: (ordinal) => {
      const score = without?.[ordinal];
      return subjects && score !== void 0 ? { score, subjects } : null;
    }
  };
}
function provenBy(slices, startedAt, until, rule) {
  const watch = newLevelWatch(rule.maxErrorRate);
  const ledger = newLedger();
  let lastStartAt = startedAt;
  for (const slice of slices.sort((a, b) => a.startedAt - b.startedAt)) {
    if (slice.startedAt >= until) break;
    const weight = slice.spans > 0 ? Math.min(1, Math.max(0, slice.startedAt - lastStartAt) / LONGEST_SLICE) : 0;
    if (slice.spans > 0) lastStartAt = slice.startedAt;
    observeLevels(watch, { ...slice, weight }, ledger.startedAt.length);
    enter(ledger, slice);
  }
  return readLevels(watch, ledger, rule).firm >= Math.log(rule.evidence);
}
function heardOf(decision, { finished }, rule) {
  if (decision.verdict !== "no_data" || finished === 0) return decision;
  const missing = { what: "jobs", count: Math.ceil(rule.minimumJobs) };
  const reason = { code: "too_few_jobs", finished: 0, failed: 0, raised: null, missing };
  return { ...decision, verdict: "insufficient", reason };
}
function overOf(watch) {
  const { category, rule, crossed, startedAt } = watch;
  const absolute = crossed?.absolute ?? readLevels(watch.absolute, watch.ledger, rule);
  if (!crossed && !reaches(absolute, rule.evidence)) return [];
  return [{ category, since: absolute.run.since ?? startedAt }];
}

export {
  ALL,
  EMPTY_WINDOW,
  windowOf,
  unjudged,
  compareBadness,
  BUCKET_MINUTES,
  impossible,
  gather,
  add,
  emptyTally,
  ruleOf,
  trustedRule,
  healthParams,
  reasonSentence,
  DEFAULT_WINDOW,
  thresholdParams,
  judgeByThreshold,
  newRateWindow,
  slide,
  verdictOf,
  ruleOver,
  evidenceBeside,
  judgedCategories,
  judgeEvidence,
  provenBy
};
