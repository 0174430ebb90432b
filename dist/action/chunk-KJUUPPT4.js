import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
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
function countsFrom({ before, totals }, ordinal) {
  return minus(totals, before[ordinal] ?? NOTHING);
}
function countsBetween(ledger, from, until) {
  const first = Math.max(0, placeOf(ledger.startedAt, from) - 1);
  const last = placeOf(ledger.startedAt, until - 1e-9);
  const begin = (ledger.startedAt[first] ?? Infinity) <= from - LONGEST ? first + 1 : first;
  return minus(beforeOf(ledger, Math.max(begin, last)), beforeOf(ledger, begin));
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
var HOUR = 3600;
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
function countArrivals(arrivals, now, count) {
  forget(arrivals, now);
  const place = arrivals.newest % MINUTES;
  arrivals.minutes[place] = (arrivals.minutes[place] ?? 0) + count;
  arrivals.sum += count;
}
function jobsLastHour(arrivals, now) {
  forget(arrivals, now);
  const known = Math.min(HOUR, now - arrivals.startedAt);
  return known < LEAST_SECONDS ? null : arrivals.sum * HOUR / known;
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
var HOUR2 = 3600;
function sliceSeconds(jobsLastHour2) {
  if (jobsLastHour2 === null) return LONGEST_SLICE;
  return SLICE_SECONDS.find((seconds) => jobsLastHour2 / HOUR2 * seconds >= JOBS_A_SLICE) ?? LONGEST_SLICE;
}

// src/domain/score/windows-to-slices.ts
function slicesOfWindows(windows, startedAt) {
  const slices = [];
  const merge = newMerge(startedAt);
  for (const window of windows) {
    const done = mergeWindow(merge, window);
    if (done) slices.push(done);
  }
  const last = closeMerge(merge);
  if (last) slices.push(last);
  return slices;
}
function newMerge(startedAt) {
  return {
    arrivals: newArrivals(startedAt),
    slot: { number: -1, seconds: 0 },
    lastStartAt: startedAt,
    open: null
  };
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

// src/domain/verdict/blocks.ts
function newBlockMerge(startedAt) {
  return {
    treatment: newArrivals(startedAt),
    control: newArrivals(startedAt),
    slot: { number: -1, seconds: 0 }
  };
}
function blocksOfWindows(windows, startedAt) {
  const blocks = [];
  const merge = newBlockMerge(startedAt);
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
function padded(slices, startsPerControl) {
  return slices.map((slice) => {
    const missing = Math.max(0, slice.controlJobs * startsPerControl - slice.jobs);
    return { ...slice, spans: slice.spans + missing, jobs: slice.jobs + missing };
  });
}

// src/domain/verdict/evidence.ts
var ALL_CATEGORIES = null;
var NOTHING_KNOWN = /* @__PURE__ */ new Map();
function evidenceOf({
  startedAt,
  now,
  windows,
  durations,
  startsPerControl,
  timeless = false
}) {
  const treatment = { begun: 0, finished: 0 };
  for (const { begun, finished: finished2 } of windows) {
    treatment.begun += begun;
    treatment.finished += finished2;
  }
  const youth = youthOf(startedAt, durations, treatment, timeless);
  const judged = youth?.known ? windows.filter((one) => !isTooYoung(one.startedAt, youth.until, startedAt)) : windows;
  const young = youth && now < youth.until ? { until: youth.until, startsPerControl, timeless, scopes: scopesOf(windows, startedAt) } : null;
  const { finished } = treatment;
  const scopes = scopesOf(judged, startedAt);
  const problem = impossible(windows);
  return {
    startedAt,
    scopes,
    finished,
    young,
    worst: NOTHING_KNOWN,
    lone: [],
    wrongArms: null,
    silentHosts: null,
    problem
  };
}
function scopesOf(windows, startedAt) {
  const scopes = /* @__PURE__ */ new Map([
    [ALL_CATEGORIES, scopeOf(together(windows), windows, startedAt)]
  ]);
  for (const [category, own] of byCategory(windows)) scopes.set(category, scopeOf(own, own, startedAt));
  return scopes;
}
function scopeOf(summed, compared, startedAt) {
  return { slices: slicesOfWindows(summed, startedAt), blocks: blocksOfWindows(compared, startedAt) };
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
  countsFrom,
  countsBetween,
  LONGEST_SLICE,
  emptyWindow,
  groupsOf,
  together,
  newMerge,
  mergeWindow,
  sliceOver,
  newBlockMerge,
  beginsBlock,
  isBlockOver,
  newBlock,
  compare,
  LEAST_TIMED,
  padded,
  ALL_CATEGORIES,
  evidenceOf,
  noEvidence
};
