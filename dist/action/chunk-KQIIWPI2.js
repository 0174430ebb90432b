import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  ODDS_MULTIPLIERS,
  TOLERATED_ODDS,
  costs,
  relativeFactor,
  takeIn,
  zeros
} from "./chunk-RPGLZE3Y.js";

// src/domain/score/ledger.ts
var NOTHING = {
  spans: 0,
  jobs: 0,
  finished: 0,
  failed: 0,
  failedSpans: 0,
  controlJobs: 0,
  controlFailed: 0
};
function newLedger() {
  return { startedAt: [], before: [], totals: NOTHING };
}
function enter(ledger, slice) {
  const { totals } = ledger;
  ledger.startedAt.push(slice.startedAt);
  ledger.before.push(totals);
  ledger.totals = {
    spans: totals.spans + slice.spans,
    jobs: totals.jobs + slice.jobs,
    finished: totals.finished + slice.finished,
    failed: totals.failed + slice.failed,
    failedSpans: totals.failedSpans + slice.failedSpans,
    controlJobs: totals.controlJobs + slice.controlJobs,
    controlFailed: totals.controlFailed + slice.controlFailed
  };
}
function copiedLedger({ startedAt, before, totals }) {
  return { startedAt: [...startedAt], before: [...before], totals };
}
function ledgerOf({ startedAt, before, totals }, ordinals) {
  const known = ordinals.filter((ordinal) => ordinal < before.length);
  return {
    startedAt: known.map((ordinal) => startedAt[ordinal]),
    before: known.map((ordinal) => before[ordinal]),
    totals
  };
}
function countsBetween(ledger, from, until) {
  const [begin, end] = placesBetween(ledger, from, until);
  return minus(beforeOf(ledger, end), beforeOf(ledger, begin));
}
var HOUR = 3600;
function countsByHour(ledger, from, until) {
  const [begin, end] = placesBetween(ledger, from, until);
  const hourOf = (place) => Math.floor(ledger.startedAt[place] / HOUR);
  const hours = [];
  let first = begin;
  for (let place = begin + 1; place <= end; place++) {
    if (place < end && hourOf(place) === hourOf(first)) continue;
    hours.push(minus(beforeOf(ledger, place), beforeOf(ledger, first)));
    first = place;
  }
  return hours;
}
function placesBetween(ledger, from, until) {
  const first = Math.max(0, placeOf(ledger.startedAt, from) - 1);
  const last = placeOf(ledger.startedAt, until - 1e-9);
  const begin = (ledger.startedAt[first] ?? Infinity) <= from - LONGEST ? first + 1 : first;
  return [begin, Math.max(begin, last)];
}
var LONGEST = 900;
function beforeOf({ before, totals }, ordinal) {
  return before[ordinal] ?? totals;
}
function placeOf(moments, moment) {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (moments[middle] <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
function minus(a, b) {
  return {
    spans: a.spans - b.spans,
    jobs: a.jobs - b.jobs,
    finished: a.finished - b.finished,
    failed: a.failed - b.failed,
    failedSpans: a.failedSpans - b.failedSpans,
    controlJobs: a.controlJobs - b.controlJobs,
    controlFailed: a.controlFailed - b.controlFailed
  };
}

// src/domain/score/window.ts
var WINDOW_SECONDS = 300;
function emptyWindow(startedAt, category) {
  return {
    startedAt,
    category,
    ...NOTHING,
    gain: zeros(),
    begun: 0,
    treatment: nothing(),
    control: nothing()
  };
}
function nothing() {
  return { expected: 0, fraction: 0, jobs: 0, failed: 0, failedSpans: 0 };
}
function* groupsOf(windows) {
  let group = [];
  for (const window of windows) {
    if (group.length > 0 && group[0]?.startedAt !== window.startedAt) {
      yield group;
      group = [];
    }
    group.push(window);
  }
  if (group.length > 0) yield group;
}
function together(windows) {
  return [...groupsOf(windows)].map((group) => {
    const [first] = group;
    if (group.length === 1) return first;
    const sum = emptyWindow(first.startedAt, "");
    for (const window of group) addTo(sum, window);
    return sum;
  });
}
function addTo(sum, more) {
  sum.spans += more.spans;
  for (let i = 0; i < sum.gain.length; i++) sum.gain[i] = (sum.gain[i] ?? 0) + (more.gain[i] ?? 0);
  sum.begun += more.begun;
  sum.jobs += more.jobs;
  sum.finished += more.finished;
  sum.failed += more.failed;
  sum.failedSpans += more.failedSpans;
  sum.controlJobs += more.controlJobs;
  sum.controlFailed += more.controlFailed;
}
function impossible(windows) {
  for (const window of windows) {
    const { jobs, failed, controlJobs, controlFailed } = window;
    if (!possible(jobs, failed)) return `${named(window)} has ${failed} errors in ${jobs} jobs`;
    if (!possible(controlJobs, controlFailed)) {
      return `${named(window)} has ${controlFailed} errors in ${controlJobs} control jobs`;
    }
    const counted = [window.spans, window.failedSpans, window.finished, window.begun, ...window.gain];
    if (!counted.every((value) => value >= 0 && value < Infinity)) return `${named(window)} has no counts`;
  }
  return null;
}
function possible(jobs, errors) {
  return Number.isSafeInteger(jobs) && Number.isSafeInteger(errors) && errors >= 0 && errors <= jobs;
}
function named({ startedAt }) {
  const time = new Date(Math.min(startedAt * 1e3, 864e13) || 0).toISOString();
  return `the window of ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

// src/domain/score/arrivals.ts
var HOUR2 = 3600;
var MINUTE = 60;
var MINUTES = 60;
var LEAST_SECONDS = 900;
function newArrivals(startedAt) {
  return {
    startedAt,
    minutes: new Array(MINUTES).fill(0),
    newest: Math.floor(startedAt / MINUTE),
    sum: 0
  };
}
function storedArrivals({ startedAt, newest, minutes }) {
  return {
    startedAt,
    newest,
    minutes: minutes.flatMap((count, place) => count === 0 ? [] : [place, count])
  };
}
function resumedArrivals({ startedAt, newest, minutes }) {
  const arrivals = { ...newArrivals(startedAt), newest };
  for (let i = 0; i < minutes.length; i += 2) {
    const count = minutes[i + 1] ?? 0;
    arrivals.minutes[minutes[i] ?? 0] = count;
    arrivals.sum += count;
  }
  return arrivals;
}
function countArrivals(arrivals, now, count) {
  forget(arrivals, now);
  const place = arrivals.newest % MINUTES;
  arrivals.minutes[place] = (arrivals.minutes[place] ?? 0) + count;
  arrivals.sum += count;
}
function jobsLastHour(arrivals, now) {
  forget(arrivals, now);
  const known = Math.min(HOUR2, now - arrivals.startedAt);
  return known < LEAST_SECONDS ? null : arrivals.sum * HOUR2 / known;
}
function forget(arrivals, now) {
  const minute = Math.floor(now / MINUTE);
  if (minute <= arrivals.newest) return;
  const gone = Math.min(MINUTES, minute - arrivals.newest);
  for (let i = 1; i <= gone; i++) {
    const place = (arrivals.newest + i) % MINUTES;
    arrivals.sum -= arrivals.minutes[place] ?? 0;
    arrivals.minutes[place] = 0;
  }
  arrivals.newest = minute;
}

// src/domain/score/slice-length.ts
var SLICE_SECONDS = [1, 5, 15, 60, 300, 900];
var LONGEST_SLICE = 900;
var JOBS_A_SLICE = 10;
var HOUR3 = 3600;
function sliceSeconds(jobsLastHour2) {
  if (jobsLastHour2 === null) return LONGEST_SLICE;
  return SLICE_SECONDS.find((seconds) => jobsLastHour2 / HOUR3 * seconds >= JOBS_A_SLICE) ?? LONGEST_SLICE;
}

// src/domain/comparison/blocks.ts
function storedBlockMerge({ treatment, control }) {
  return { treatment: storedArrivals(treatment), control: storedArrivals(control) };
}
function newBlockMerge(startedAt) {
  return blockMergeOf(newArrivals(startedAt), newArrivals(startedAt));
}
function resumedBlockMerge({ treatment, control }) {
  return blockMergeOf(resumedArrivals(treatment), resumedArrivals(control));
}
function blockMergeOf(treatment, control) {
  return { treatment, control, slot: { number: -1, seconds: 0 } };
}
function blocksOfWindows(windows, merge) {
  const blocks = [];
  for (const group of groupsOf(windows)) {
    const at = group[0].startedAt;
    if (beginsBlock(merge, at, group) || blocks.length === 0) blocks.push(newBlock(at));
    for (const window of group) compare(blocks.at(-1), window);
  }
  return blocks;
}
function beginsBlock(merge, at, windows) {
  const [treatment, control] = [jobsLastHour(merge.treatment, at), jobsLastHour(merge.control, at)];
  const slower = treatment === null || control === null ? null : Math.min(treatment, control);
  const seconds = Math.max(WINDOW_SECONDS, sliceSeconds(slower));
  for (const window of windows) {
    countArrivals(merge.treatment, at, window.treatment.jobs);
    countArrivals(merge.control, at, window.control.jobs);
  }
  const number = Math.floor(at / seconds);
  const begins = merge.slot.number !== number || merge.slot.seconds !== seconds;
  merge.slot = { number, seconds };
  return begins;
}
function isBlockOver({ slot }, now) {
  return (slot.number + 1) * slot.seconds <= now;
}
function newBlock(startedAt) {
  return {
    startedAt,
    strata: /* @__PURE__ */ new Map(),
    ...NOTHING
  };
}
function compare(block, { category, treatment, control }) {
  if (treatment.expected <= 0 && control.expected <= 0) return;
  const { expected, fraction } = treatment;
  takeIn(block.strata, { stratum: category, arm: "treatment", expected, failed: fraction });
  const other = control;
  takeIn(block.strata, {
    stratum: category,
    arm: "control",
    expected: other.expected,
    failed: other.fraction
  });
  block.jobs += treatment.jobs;
  block.finished += treatment.jobs;
  block.failed += treatment.failed;
  block.failedSpans += treatment.failedSpans;
  block.controlJobs += control.jobs;
  block.controlFailed += control.failed;
}

// src/domain/score/windows-to-slices.ts
function slicesOfWindows(windows, merge) {
  const slices = [];
  for (const window of windows) {
    const done = mergeWindow(merge, window);
    if (done) slices.push(done);
  }
  const last = closeMerge(merge);
  if (last) slices.push(last);
  return slices;
}
function storedMerge({ arrivals, lastStartAt }) {
  return { arrivals: storedArrivals(arrivals), lastStartAt };
}
function newMerge(startedAt) {
  return mergeOf(newArrivals(startedAt), startedAt);
}
function resumedMerge({ arrivals, lastStartAt }) {
  return mergeOf(resumedArrivals(arrivals), lastStartAt);
}
function mergeOf(arrivals, lastStartAt) {
  return { arrivals, slot: { number: -1, seconds: 0 }, lastStartAt, open: null };
}
function mergeWindow(merge, window) {
  const { startedAt } = window;
  const seconds = Math.max(WINDOW_SECONDS, sliceSeconds(jobsLastHour(merge.arrivals, startedAt)));
  countArrivals(merge.arrivals, startedAt, window.jobs);
  const number = Math.floor(startedAt / seconds);
  let done = null;
  if (merge.open === null || merge.slot.number !== number || merge.slot.seconds !== seconds) {
    done = closeMerge(merge);
    merge.slot = { number, seconds };
    merge.open = openSlice(startedAt);
  }
  if (merge.open.weight === 0 && window.spans > 0 && merge.open.spans === 0) {
    merge.open.weight = Math.max(0, Math.min(1, (startedAt - merge.lastStartAt) / LONGEST_SLICE));
    merge.lastStartAt = Math.max(merge.lastStartAt, startedAt);
  }
  addTo(merge.open, window);
  return done;
}
function sliceOver(merge, now) {
  const { number, seconds } = merge.slot;
  return merge.open !== null && (number + 1) * seconds <= now ? closeMerge(merge) : null;
}
function closeMerge(merge) {
  const { open } = merge;
  merge.open = null;
  if (open === null) return null;
  const { begun: _, ...slice } = open;
  return slice;
}
function openSlice(startedAt) {
  return {
    startedAt,
    weight: 0,
    ...NOTHING,
    gain: zeros(),
    begun: 0
  };
}

// src/domain/score/levels.ts
function firstLevels() {
  return [0, 0, 0, 0, 0];
}
var LEAST_EXPONENT = -700;
function addLogStart(level, start) {
  const high = Math.max(level, start);
  return high + Math.log1p(Math.exp(Math.max(LEAST_EXPONENT, Math.min(level, start) - high)));
}
function scoreOf(levels) {
  const high = Math.max(...levels);
  let sum = 0;
  for (const level of levels) sum += Math.exp(Math.max(LEAST_EXPONENT, level - high));
  return high + Math.log(sum / ODDS_MULTIPLIERS.length);
}
function leaderOf(levels) {
  return levels.indexOf(Math.max(...levels));
}

// src/domain/score/stored-slice.ts
function logFactorOf({ gain, spans }, cost) {
  return ODDS_MULTIPLIERS.map((_, i) => (gain[i] ?? 0) - spans * (cost[i] ?? 0));
}

// src/domain/score/level-watch.ts
function newLevelWatch(rate) {
  return { cost: costs(rate / 100), levels: firstLevels(), page: zeros(), starts: zeros() };
}
function storedLevels({ levels, page, starts }, kept) {
  const places = starts.map((start) => kept.indexOf(start));
  return { levels: [...levels], page: [...page], starts: places };
}
function resumedLevels(rate, { levels, page, starts }) {
  return { cost: costs(rate / 100), levels: [...levels], page: [...page], starts: [...starts] };
}
function startsOf(...watches) {
  return [...new Set(watches.flatMap(({ starts }) => starts))].sort((a, b) => a - b);
}
function observeLevels(watch, slice, ordinal) {
  advance(watch, logFactorOf(slice, watch.cost), slice.weight, ordinal);
}
function advance({ levels, page, starts }, logFactor, weight, ordinal) {
  const start = weight > 0 ? Math.log(weight) : null;
  for (let i = 0; i < logFactor.length; i++) {
    const factor = logFactor[i] ?? 0;
    const level = levels[i] ?? 0;
    levels[i] = (start === null ? level : addLogStart(level, start)) + factor;
    if ((page[i] ?? 0) <= 0) {
      page[i] = 0;
      starts[i] = ordinal;
    }
    page[i] = (page[i] ?? 0) + factor;
  }
}
function runOf(watch, ledger, multiplier) {
  const start = watch.starts[multiplier] ?? 0;
  const { totals } = ledger;
  const before = ledger.before[start] ?? NOTHING;
  return {
    spans: totals.spans - before.spans,
    jobs: totals.jobs - before.jobs,
    finished: totals.finished - before.finished,
    failed: totals.failed - before.failed,
    failedSpans: totals.failedSpans - before.failedSpans,
    controlJobs: totals.controlJobs - before.controlJobs,
    controlFailed: totals.controlFailed - before.controlFailed,
    since: ledger.startedAt[start] ?? null,
    multiplier: ODDS_MULTIPLIERS[multiplier] ?? 1,
    cost: watch.cost[multiplier] ?? 0,
    level: watch.page[multiplier] ?? 0
  };
}
function readLevels(watch, ledger, rule) {
  const score = scoreOf(watch.levels);
  const run = runOf(watch, ledger, leaderOf(watch.levels));
  if (isEnough(run, rule)) return { score, firm: score, run };
  if (score < Math.log(rule.warningEvidence)) return { score, firm: -Infinity, run };
  return rested(watch, ledger, rule, { score, run });
}
function rested(watch, ledger, rule, { score, run }) {
  let firm = -Infinity;
  let best = run;
  let highest = -Infinity;
  watch.levels.forEach((level, i) => {
    const other = runOf(watch, ledger, i);
    if (!isEnough(other, rule)) return;
    firm = sumOf(firm, level - Math.log(ODDS_MULTIPLIERS.length));
    if (level > highest) [highest, best] = [level, other];
  });
  return { score, firm, run: firm < Math.log(rule.warningEvidence) ? run : best };
}
function sumOf(a, b) {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}
function isEnough({ finished, failedSpans }, { minimumJobs, minimumErrors }) {
  return finished >= minimumJobs && failedSpans >= minimumErrors;
}

// src/domain/comparison/relative-watch.ts
function newRelativeWatch(startedAt, { toleratedOdds }) {
  return { watch: newLevelWatch(0), ledger: newLedger(), toleratedOdds, lastStartAt: startedAt };
}
function storedRelative({ watch, ledger, lastStartAt }) {
  const kept = startsOf(watch);
  return { levels: storedLevels(watch, kept), ledger: ledgerOf(ledger, kept), lastStartAt };
}
function resumedRelative({ levels, ledger, lastStartAt }, { toleratedOdds }) {
  return { watch: resumedLevels(0, levels), ledger: copiedLedger(ledger), toleratedOdds, lastStartAt };
}
function observeBlock(relative, block) {
  const { watch, ledger } = relative;
  const logFactor = relativeFactor(block.strata, relative.toleratedOdds);
  const says = logFactor.some((value) => value !== 0);
  const elapsed = Math.max(0, block.startedAt - relative.lastStartAt);
  const weight = says ? Math.min(1, elapsed / LONGEST_SLICE) : 0;
  if (says) relative.lastStartAt = block.startedAt;
  advance(watch, logFactor, weight, ledger.startedAt.length);
  enter(ledger, block);
}
function readRelative({ watch, ledger }, rule) {
  return readLevels(watch, ledger, rule);
}

// src/domain/comparison/sharing.ts
function strataOf(category, ledger, from, until) {
  return countsByHour(ledger, from, until).map((counts) => ({ category, ...counts }));
}
function comparedOf(strata) {
  return strata.filter(({ failed, controlJobs }) => failed > 0 && controlJobs > 0);
}
function sumOf2(compared) {
  const sum = (of) => compared.reduce((all, stratum) => all + of(stratum), 0);
  return {
    categories: [...new Set(compared.map(({ category }) => category))],
    jobs: sum(({ jobs }) => jobs),
    failed: sum(({ failed }) => failed),
    controlJobs: sum(({ controlJobs }) => controlJobs),
    controlFailed: sum(({ controlFailed }) => controlFailed)
  };
}
function sharedOutage(strata, rule, provenWithout) {
  const compared = comparedOf(strata);
  const shared = sumOf2(compared);
  const fails = shared.controlJobs >= rule.minimumJobs && shared.controlFailed >= rule.minimumErrors && controlIsOver(compared, shared, rule);
  return fails && !treatmentIsWorse(strata) && !provenWithout(shared.categories) ? shared : null;
}
function controlIsOver(compared, { jobs }, { maxErrorRate }) {
  const [only] = compared;
  if (only && compared.length === 1) return only.controlFailed * 100 > only.controlJobs * maxErrorRate;
  let failing = 0;
  for (const stratum of compared) failing += stratum.jobs * stratum.controlFailed / stratum.controlJobs;
  return failing * 100 > jobs * maxErrorRate;
}
var LEAST_CHANCE = 0.01;
function treatmentIsWorse(strata) {
  const compared = comparedOf(strata);
  const [mean, variance] = compared.reduce(
    ([mean2, variance2], { jobs, failed: failed2, controlJobs, controlFailed: controlFailed2 }) => {
      const share = controlJobs / (TOLERATED_ODDS * jobs + controlJobs);
      const failures = failed2 + controlFailed2;
      return [mean2 + failures * share, variance2 + failures * share * (1 - share)];
    },
    [0, 0]
  );
  const { failed, controlFailed } = sumOf2(compared);
  return chanceOfAtMost(controlFailed, failed + controlFailed, mean, variance) < LEAST_CHANCE;
}
function chanceOfAtMost(count, trials, mean, variance) {
  if (trials === 0 || variance <= 0) return 1;
  if (variance > 100) return normalBelow((count + 0.5 - mean) / Math.sqrt(variance));
  const share = mean / trials;
  if (share <= 0.5) return sumBelow(count + 1, trials, share);
  return 1 - sumBelow(trials - count, trials, 1 - share);
}
function sumBelow(count, trials, share) {
  let term = Math.exp(trials * Math.log1p(-share));
  let sum = 0;
  for (let n = 0; n < count && n <= trials; n++) {
    sum += term;
    term *= (trials - n) / (n + 1) * (share / (1 - share));
    if (term < 1e-30 && n > trials * share) break;
  }
  return sum;
}
function normalBelow(z) {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
  return z < 0 ? tail : 1 - tail;
}

// src/domain/verdict/few-subjects.ts
var LEAST_SUBJECTS = 5;
var EVIDENCE_LEFT = 100;
function scoresWithout(slices, rate, { subjects, windows }) {
  if (subjects < LEAST_SUBJECTS) return null;
  const watch = newLevelWatch(rate);
  let place = 0;
  return slices.map((slice, ordinal) => {
    const until = slices[ordinal + 1]?.startedAt ?? Infinity;
    const gain = zeros();
    let spans = 0;
    for (; (windows[place]?.startedAt ?? Infinity) < until; place++) {
      const window = windows[place];
      if (window.startedAt < slice.startedAt) continue;
      spans += window.spans;
      window.gain.forEach((value, i) => {
        gain[i] = (gain[i] ?? 0) + value;
      });
    }
    const rest = slice.gain.map((value, i) => value - (gain[i] ?? 0));
    observeLevels(watch, { ...slice, spans: slice.spans - spans, gain: rest }, ordinal);
    return scoreOf(watch.levels);
  });
}
function restsOnFew(scoreWithout) {
  return scoreWithout < Math.log(EVIDENCE_LEFT);
}

// src/domain/verdict/excuse.ts
function excuseOf(watch, absolute, until, around) {
  const ordinal = watch.slices.length - 1;
  const left = watch.rule.fewSubjects === "harmful" ? null : around.without(ordinal);
  if (left && restsOnFew(left.score)) {
    const { subjects, worst } = left.subjects;
    return { code: "few_subjects", without: left.score, subjects, worst };
  }
  if (watch.rule.sharedOutage === "harmful") return null;
  const strata = around.strata(absolute.run.since ?? watch.startedAt, until);
  const proven = (categories) => around.provenWithout(categories, until, watch.rule);
  const shared = sharedOutage(strata, watch.rule, proven);
  if (shared) return { code: "shared_outage", shared };
  return awaitsControl(watch, strata, until) ? { code: "awaiting_control", controlJobs: absolute.run.controlJobs } : null;
}
var HEARD_WITHIN = 3600;
var SILENT_AFTER = 60;
var EXPECTED_IN_SILENCE = Math.log(100);
var WORSE_EVIDENCE = 100;
function awaitsControl(watch, strata, until) {
  const { ledger, relative, rule } = watch;
  const at = ledger.startedAt.at(-1) ?? watch.startedAt;
  const { controlJobs } = countsBetween(ledger, at - HEARD_WITHIN, until);
  if (controlJobs === 0) return false;
  if (readRelative(relative, rule).score >= Math.log(WORSE_EVIDENCE)) return false;
  if (treatmentIsWorse(strata)) return false;
  const silence = until - lastHeardOf(watch, at);
  return silence < Math.max(SILENT_AFTER, EXPECTED_IN_SILENCE * HEARD_WITHIN / controlJobs);
}
function lastHeardOf({ slices }, at) {
  let quietSince = at;
  for (let i = slices.length - 1; i >= 0; i--) {
    const slice = slices[i];
    if (slice.controlJobs > 0) return i === slices.length - 1 ? Infinity : quietSince;
    quietSince = slice.startedAt;
  }
  return quietSince;
}

// src/domain/verdict/scope-watch.ts
function storedScope(watch) {
  const { absolute, warning, ledger, relative, peak } = watch;
  const { watch: critical } = criticalWatch(watch);
  const kept = startsOf(absolute, warning, critical);
  return {
    ledger: ledgerOf(ledger, kept),
    absolute: storedLevels(absolute, kept),
    warning: storedLevels(warning, kept),
    critical: storedLevels(critical, kept),
    relative: storedRelative(relative),
    peak
  };
}
function newScopeWatch(rule, category, startedAt, checkpoint = null) {
  return {
    ...{ rule, category, startedAt, checkpoint, slices: [] },
    ledger: checkpoint ? copiedLedger(checkpoint.ledger) : newLedger(),
    absolute: checkpoint ? resumedLevels(rule.maxErrorRate, checkpoint.absolute) : newLevelWatch(rule.maxErrorRate),
    warning: checkpoint ? resumedLevels(rule.warningErrorRate, checkpoint.warning) : newLevelWatch(rule.warningErrorRate),
    relative: checkpoint ? resumedRelative(checkpoint.relative, rule) : newRelativeWatch(startedAt, rule),
    ...{ crossed: null, excused: null, peak: checkpoint?.peak ?? 0 }
  };
}
function observeAll(watch, { slices, blocks }, now, around) {
  let place = 0;
  slices.forEach((slice, i) => {
    const until = slices[i + 1]?.startedAt ?? Math.max(now, slice.startedAt);
    const isLast = i === slices.length - 1;
    const from = place;
    while (place < blocks.length && (isLast || blocks[place].startedAt < until))
      place += 1;
    observeSlice(watch, slice, blocks.slice(from, place), until, around);
  });
}
function observeSlice(watch, slice, blocks, until, around) {
  const ordinal = watch.ledger.startedAt.length;
  watch.slices.push(slice);
  enter(watch.ledger, slice);
  observeLevels(watch.absolute, slice, ordinal);
  observeLevels(watch.warning, slice, ordinal);
  for (const block of blocks) observeBlock(watch.relative, block);
  watch.excused = null;
  if (watch.crossed) return;
  const score = scoreOf(watch.absolute.levels);
  watch.peak = Math.max(watch.peak, score);
  if (around === null || score < Math.log(watch.rule.evidence)) return;
  const absolute = readLevels(watch.absolute, watch.ledger, watch.rule);
  if (absolute.firm < Math.log(watch.rule.evidence)) return;
  watch.excused = excuseOf(watch, absolute, until, around);
  if (watch.excused) return;
  watch.crossed = { at: slice.startedAt, ordinal: watch.slices.length - 1, absolute };
}
function criticalReading(scope) {
  const { watch, ledger } = criticalWatch(scope);
  return readLevels(watch, ledger, scope.rule);
}
function criticalWatch({ checkpoint, slices, rule, crossed }) {
  const rate = rule.criticalErrorRate;
  const watch = checkpoint ? resumedLevels(rate, checkpoint.critical) : newLevelWatch(rate);
  const ledger = checkpoint ? copiedLedger(checkpoint.ledger) : newLedger();
  for (const slice of slices.slice(0, crossed ? crossed.ordinal + 1 : slices.length)) {
    observeLevels(watch, slice, ledger.startedAt.length);
    enter(ledger, slice);
  }
  return { watch, ledger };
}

// src/domain/verdict/checkpoint.ts
var CHECKPOINT_SECONDS = 3600;
function ratesOf({ maxErrorRate, warningErrorRate, criticalErrorRate, toleratedOdds }) {
  return { maxErrorRate, warningErrorRate, criticalErrorRate, toleratedOdds };
}
function sameRates(one, other) {
  return one.maxErrorRate === other.maxErrorRate && one.warningErrorRate === other.warningErrorRate && one.criticalErrorRate === other.criticalErrorRate && one.toleratedOdds === other.toleratedOdds;
}
function mergedAfter(checkpoint, { summed, compared }, startedAt) {
  const merge = checkpoint ? resumedMerge(checkpoint.merge) : newMerge(startedAt);
  const blockMerge = checkpoint ? resumedBlockMerge(checkpoint.blocks) : newBlockMerge(startedAt);
  const slices = slicesOfWindows(summed, merge);
  return { slices, blocks: blocksOfWindows(compared, blockMerge), merge, blockMerge };
}
function scopeCheckpoint(checkpoint, windows, { startedAt, rule }) {
  const { slices, blocks, merge, blockMerge } = mergedAfter(checkpoint, windows, startedAt);
  const watch = newScopeWatch({ ...rule, evidence: Infinity }, null, startedAt, checkpoint);
  observeAll(watch, { slices, blocks }, Infinity, null);
  return {
    ...storedScope(watch),
    merge: storedMerge(merge),
    blocks: storedBlockMerge(blockMerge)
  };
}

// src/domain/verdict/young.ts
var LEAST_TIMED = 30;
var LEAST_GUESSED = 5;
var TIMELESS_SECONDS = 900;
var UNKNOWN_SECONDS = 3 * 3600;
var LATE_OVER_MEAN = 3.1;
var MOSTLY = 0.9;
function youthOf(startedAt, { timed, meanSeconds }, treatment, timeless) {
  if (treatment.begun > 0 && treatment.begun >= MOSTLY * treatment.finished) return null;
  const known = timed >= LEAST_TIMED;
  const late = LATE_OVER_MEAN * meanSeconds;
  if (known) return { until: startedAt + late, known };
  const unknown = timeless ? TIMELESS_SECONDS : UNKNOWN_SECONDS;
  return {
    until: startedAt + (timed >= LEAST_GUESSED ? Math.max(TIMELESS_SECONDS, late) : unknown),
    known
  };
}
function isTooYoung(windowStartedAt, until, startedAt) {
  const end = windowStartedAt + WINDOW_SECONDS;
  return end > startedAt && (Math.max(windowStartedAt, startedAt) + end) / 2 < until;
}
function judgedFrom(youth, startedAt) {
  if (!youth?.known) return null;
  const first = Math.floor(startedAt / WINDOW_SECONDS) * WINDOW_SECONDS;
  if (!isTooYoung(first, youth.until, startedAt)) return first;
  return Math.ceil((youth.until - WINDOW_SECONDS / 2) / WINDOW_SECONDS) * WINDOW_SECONDS;
}
function padded(slices, startsPerControl) {
  return slices.map((slice) => {
    const missing = Math.max(0, slice.controlJobs * startsPerControl - slice.jobs);
    return { ...slice, spans: slice.spans + missing, jobs: slice.jobs + missing };
  });
}

// src/domain/verdict/evidence.ts
var ALL_CATEGORIES = null;
var NOTHING_KNOWN = /* @__PURE__ */ new Map();
function evidenceOf(seen) {
  const { startedAt, now, windows, startsPerControl, timeless = false, checkpoint = null } = seen;
  const treatment = treatmentOf(seen);
  const youth = youthOf(startedAt, seen.durations, treatment, timeless);
  const isYoung = youth !== null && now < youth.until;
  const young = isYoung ? { until: youth.until, startsPerControl, timeless, scopes: scopesOf(windows, startedAt, null) } : null;
  return {
    startedAt,
    scopes: scopesOf(judgedOf(windows, youth, startedAt), startedAt, checkpoint),
    finished: treatment.finished,
    young,
    worst: NOTHING_KNOWN,
    lone: [],
    wrongArms: null,
    silentHosts: null,
    problem: impossible(windows),
    checkpoint,
    isCheckpointOutdated: checkpoint !== null && (isYoung || checkpoint.judgedFrom !== judgedFrom(youth, startedAt))
  };
}
function treatmentOf({
  windows,
  checkpoint
}) {
  const treatment = { begun: 0, finished: 0, ...checkpoint?.treatment };
  for (const { begun, finished } of windows) {
    treatment.begun += begun;
    treatment.finished += finished;
  }
  return treatment;
}
function judgedOf(windows, youth, startedAt) {
  return youth?.known ? windows.filter((one) => !isTooYoung(one.startedAt, youth.until, startedAt)) : windows;
}
function checkpointOf(checkpoint, scope) {
  return checkpoint?.scopes.find(([one]) => one === scope)?.[1] ?? null;
}
function scopesOf(windows, startedAt, checkpoint) {
  return new Map(
    [...windowsByScope(windows, checkpoint)].map(([scope, own]) => {
      const before = checkpointOf(checkpoint, scope);
      const { slices, blocks } = mergedAfter(before, own, startedAt);
      return [scope, { checkpoint: before, slices, blocks }];
    })
  );
}
function windowsByScope(windows, checkpoint) {
  const scopes = /* @__PURE__ */ new Map([
    [ALL_CATEGORIES, { summed: together(windows), compared: windows }]
  ]);
  for (const [category, own] of byCategory(windows)) scopes.set(category, { summed: own, compared: own });
  for (const [scope] of checkpoint?.scopes ?? []) {
    if (!scopes.has(scope)) scopes.set(scope, { summed: [], compared: [] });
  }
  return scopes;
}
function byCategory(windows) {
  const found = /* @__PURE__ */ new Map();
  for (const window of windows) {
    const own = found.get(window.category);
    if (own) own.push(window);
    else found.set(window.category, [window]);
  }
  return found;
}
function noEvidence(startedAt = 0) {
  const durations = { timed: 0, meanSeconds: 0 };
  return evidenceOf({ startedAt, now: startedAt, windows: [], durations, startsPerControl: null });
}

export {
  newLedger,
  enter,
  copiedLedger,
  newLevelWatch,
  observeLevels,
  readLevels,
  LONGEST_SLICE,
  readRelative,
  strataOf,
  scoresWithout,
  newScopeWatch,
  observeAll,
  observeSlice,
  criticalReading,
  emptyWindow,
  groupsOf,
  together,
  impossible,
  newBlockMerge,
  beginsBlock,
  isBlockOver,
  newBlock,
  compare,
  newMerge,
  mergeWindow,
  sliceOver,
  CHECKPOINT_SECONDS,
  ratesOf,
  sameRates,
  scopeCheckpoint,
  LEAST_TIMED,
  youthOf,
  judgedFrom,
  padded,
  ALL_CATEGORIES,
  evidenceOf,
  treatmentOf,
  judgedOf,
  checkpointOf,
  windowsByScope,
  noEvidence
};
