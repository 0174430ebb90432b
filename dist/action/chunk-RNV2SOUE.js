import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  guardrailParams,
  judgeFeature,
  notYetAllowed
} from "./chunk-JJKZLDWZ.js";
import {
  STEP_MINUTES,
  raises,
  scoreMonitor
} from "./chunk-MRT3W3EF.js";
import {
  effectOf,
  guardrailsOf,
  isBlind,
  observedMetrics
} from "./chunk-IJK26YUE.js";
import {
  BUCKET_MINUTES,
  add,
  emptyTally,
  gather,
  healthParams,
  impossible,
  newRateWindow,
  slide,
  thresholdParams,
  trustedRule
} from "./chunk-3AB62VHW.js";
import {
  STEP_SECONDS,
  closedAt
} from "./chunk-PIILY4BD.js";
import {
  emptyWindow,
  evidenceOf,
  groupsOf
} from "./chunk-KQIIWPI2.js";
import {
  ODDS_MULTIPLIERS,
  subjectProblem
} from "./chunk-RPGLZE3Y.js";
import {
  DAY_SECONDS
} from "./chunk-264FZAQV.js";
import {
  compareText,
  harmless
} from "./chunk-XRYC3SR4.js";

// src/domain/simulation/kept-test.ts
function asKept(test, queriesDigest, testedAt) {
  const { guardrail, from, until, days, events, bad, acted, correlation, judgedWith } = test;
  return {
    ...{ queriesDigest, limit: guardrail.limit, correlation: judgedWith ?? 1, measured: correlation },
    ...{ from: new Date(from * 1e3), until: new Date(until * 1e3), days, events, bad, testedAt },
    alarms: acted.map(({ at }) => new Date(at * 6e4))
  };
}
function expectedOf(guardrail, found, kept, { digest, now }) {
  const present = notYetAllowed(guardrail, kept, digest);
  if (present === null || found.code !== "tested" || found.by !== "engine") {
    return { notYet: present, afterTick: false };
  }
  const notYet = notYetAllowed(guardrail, asKept(found.test, digest ?? "", now), digest);
  return { notYet, afterTick: notYet === null };
}

// src/domain/guardrails/engine-counts.ts
var ImpossibleAnswer = class extends Error {
};
var MOST_SUBJECTS = 50;
var MOST_EVENTS = 1e9;
var ENOUGH_TO_COMPARE = 10;
var TOLERANCE = 1.05;
function queryFor(query, arm) {
  return query.replaceAll("$arm", arm).replaceAll("$step", `${STEP_SECONDS}s`);
}
function stepCounts(answers, { subject_label }) {
  const impossible2 = /* @__PURE__ */ new Map();
  const refuse = (at, why) => {
    if (!impossible2.has(at)) impossible2.set(at, why);
  };
  const treatment = countsOf(answers.treatment, "treatment", subject_label, refuse);
  const control = countsOf(answers.control, "control", subject_label, refuse);
  if (areEqual(treatment, control)) {
    throw new ImpossibleAnswer(
      "treatment and control have exactly the same counts, so the queries do not tell the arms apart; does the series have the label that $arm selects?"
    );
  }
  const whole = [...treatment, ...control].map((one) => ({ ...one, events: Math.round(one.events) }));
  for (const { at, events } of whole) {
    if (events > MOST_EVENTS) refuse(at, `all is ${events}, and a step has at most ${MOST_EVENTS} events`);
  }
  const counts = whole.flatMap(
    (one) => one.events > 0 && !impossible2.has(one.at) ? [{ ...one, bad: Math.min(one.events, Math.round(one.bad)) }] : []
  );
  return { counts, impossible: impossible2 };
}
function countsOf({ bad, all }, arm, label, refuse) {
  const badAt = valuesOf("bad", bad, label, refuse);
  const steps = /* @__PURE__ */ new Map();
  for (const [key, { at, subject, value: events }] of valuesOf("all", all, label, refuse)) {
    const found = badAt.get(key)?.value ?? 0;
    if (found > events * TOLERANCE + 1) {
      refuse(at, `bad is ${short(found)} and all is ${short(events)}; are the two queries swapped?`);
    }
    steps.set(at, [...steps.get(at) ?? [], { at, arm, subject, events, bad: Math.min(found, events) }]);
    badAt.delete(key);
  }
  for (const { at, value } of badAt.values()) {
    if (value > 1) refuse(at, `bad is ${short(value)} in a step in which all has no value`);
  }
  return [...steps.values()].flatMap(largest);
}
function valuesOf(query, answer, label, refuse) {
  if (label === null && answer.length > 1) {
    throw new ImpossibleAnswer(
      `${query} answers ${answer.length} series; add them up with sum(...), or name the label of the subject in subject_label`
    );
  }
  const values = /* @__PURE__ */ new Map();
  for (const { labels, points } of answer) {
    const subject = label === null ? "" : subjectOf(labels[label]);
    for (const [at, text] of points) {
      if (text === "NaN") continue;
      const value = text.trim() === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(value) || value < 0) {
        refuse(at, `${query} is ${harmless(text, 20)}, which is not a number of events`);
        continue;
      }
      const key = `${at} ${subject}`;
      values.set(key, { at, subject, value: (values.get(key)?.value ?? 0) + value });
    }
  }
  return values;
}
function subjectOf(value = "") {
  return subjectProblem(value) === null ? value : "";
}
function largest(counts) {
  if (counts.length <= MOST_SUBJECTS) return counts;
  const sorted = [...counts].sort((a, b) => b.events - a.events || compareText(a.subject, b.subject));
  const [first] = sorted;
  const rest = { ...first, subject: "", events: 0, bad: 0 };
  for (const { events, bad } of sorted.slice(MOST_SUBJECTS)) {
    rest.events += events;
    rest.bad += bad;
  }
  return [...sorted.slice(0, MOST_SUBJECTS), rest];
}
function areEqual(treatment, control) {
  if (!treatment.some(({ events }) => events >= ENOUGH_TO_COMPARE)) return false;
  const text = (counts) => counts.map(({ at, subject, events, bad }) => `${at} ${subject} ${events} ${bad}`).sort();
  return text(treatment).join() === text(control).join();
}
function short(value) {
  return String(Math.round(value * 100) / 100);
}

// src/domain/guardrails/engine-refusal.ts
var EngineRefusal = class extends Error {
  /** Seconds for which the engine asked for a pause; 0: it did not. */
  retryAfterSeconds;
  /** True: every query would be refused, so no other one needs to be tried now. */
  forAll;
  constructor(message, { retryAfterSeconds = 0, forAll = false } = {}) {
    super(message);
    this.name = "EngineRefusal";
    this.retryAfterSeconds = retryAfterSeconds;
    this.forAll = forAll;
  }
};

// src/app/guardrails/engine-steps.ts
var STEPS_ASKED = 288;
async function countsOf2(engine, query, from, until) {
  const range = (text, arm) => engine.range(queryFor(text, arm), from + STEP_SECONDS, until, STEP_SECONDS);
  const answer = async (arm) => ({
    bad: await range(query.bad, arm),
    all: await range(query.all, arm)
  });
  const { counts, impossible: impossible2 } = stepCounts(
    { treatment: await answer("treatment"), control: await answer("control") },
    query
  );
  const isAsked = (at) => at > from && at <= until;
  return {
    counts: counts.filter(({ at }) => isAsked(at)),
    impossible: new Map([...impossible2].filter(([at]) => isAsked(at)))
  };
}
async function countsOfDays(engine, query, from, until) {
  const counts = [];
  const length = STEPS_ASKED * STEP_SECONDS;
  for (let begin = from; begin < until; begin += length) {
    const day = await countsOf2(engine, query, begin, Math.min(until, begin + length));
    for (const why of day.impossible.values()) throw new ImpossibleAnswer(why);
    counts.push(...day.counts);
  }
  return counts;
}

// src/domain/guardrails/correlation.ts
function spansOfStep(events, correlation) {
  if (correlation === null) return 1;
  const spans = Math.floor(events / (1 + EXCESS * (events - 1) * correlation));
  return spans < FEW && 2 * spans < events ? 1 : Math.max(1, spans);
}
var FEW = 10;
var EXCESS = 4;
function gainOfStep(spans, fraction) {
  return ODDS_MULTIPLIERS.map(
    (k) => spans > 1 ? spans * fraction * Math.log(k) : Math.log1p((k - 1) * fraction)
  );
}
function badSpansOfStep(spans, fraction) {
  return Math.max(0, Math.ceil(spans * fraction - 1e-9));
}

// src/domain/simulation/engine-lives.ts
function engineLives(counts, startedAt, correlation) {
  const swapped = counts.filter(({ arm }) => arm === "control").map((one) => ({ ...one, arm: "treatment" }));
  return [
    { epoch: null, arm: "treatment", startedAt, windows: windowsOfSteps(counts, correlation) },
    { epoch: null, arm: "control", startedAt, windows: windowsOfSteps(swapped, correlation) }
  ];
}
function windowsOfSteps(counts, correlation) {
  const windows = /* @__PURE__ */ new Map();
  for (const count of counts) {
    const at = count.at - STEP_SECONDS;
    const window = windows.get(at) ?? emptyWindow(at, "");
    windows.set(at, window);
    addStep(window, count, count.subject === "" ? correlation : null);
  }
  return [...windows.values()].sort((a, b) => a.startedAt - b.startedAt);
}
function addStep(window, { arm, events, bad }, correlation) {
  const fraction = bad / events;
  const spans = spansOfStep(events, correlation);
  const badSpans = badSpansOfStep(spans, fraction);
  const compared = window[arm];
  compared.expected += spans;
  compared.fraction += spans * fraction;
  compared.jobs += events;
  compared.failed += bad;
  compared.failedSpans += badSpans;
  if (arm === "control") {
    window.controlJobs += events;
    window.controlFailed += bad;
    return;
  }
  window.spans += spans;
  gainOfStep(spans, fraction).forEach((gain, i) => {
    window.gain[i] = (window.gain[i] ?? 0) + gain;
  });
  window.jobs += events;
  window.finished += events;
  window.failed += bad;
  window.failedSpans += badSpans;
}

// src/domain/simulation/back-test.ts
function backTest(epochs, spec) {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => test ? [test] : [])
  };
}
function testEpoch(evidence, spec) {
  const { epoch, rows } = evidence;
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const looks = spec.analysis === "threshold" ? ratesOf(buckets, spec) : scoresOf(evidence, healthParams(spec));
  const fired = problem === null ? firedIn(evidence, looks, spec) : [];
  const test = {
    epoch,
    from: buckets[0]?.minute ?? 0,
    until: (buckets.at(-1)?.minute ?? -BUCKET_MINUTES) + BUCKET_MINUTES,
    jobs: totals.jobs,
    errors: totals.errors,
    rolledBackAt: fired.find(({ verdict }) => verdict === "harmful")?.at ?? null,
    warnings: fired.filter(({ verdict }) => verdict !== "harmful").length,
    problem
  };
  return { fired, test };
}
function firedIn(evidence, looks, spec) {
  const fired = [];
  let before = "no_data";
  for (const { at, verdict } of looks) {
    if (verdict !== before && raises(verdict) && !(verdict === "warning" && before === "suspect")) {
      const { reasonCode, reason, scope, jobs, errors } = judgedAt(evidence, at, spec);
      const { epoch } = evidence;
      const said = verdict;
      fired.push({ epoch, at, verdict: said, reasonCode, reason, scope, jobs, errors });
    }
    if (verdict === "harmful") break;
    before = verdict;
  }
  return fired;
}
var NO_WAIT = { timed: Infinity, meanSeconds: 0 };
function judgedAt({ rows, startedAt, windows }, at, spec) {
  const seen = windows.filter((window) => window.startedAt < at * 60);
  const now = at * 60;
  const score = evidenceOf({ startedAt, now, windows: seen, durations: NO_WAIT, startsPerControl: null });
  return judgeFeature(spec, { rows: rows.filter(({ minute }) => minute < at), score }, now).judgement;
}
function* scoresOf({ windows, startedAt }, params) {
  const treated = new Set(windows.flatMap(({ spans, category }) => spans > 0 ? [category] : []));
  const monitor = scoreMonitor(params, [...treated].sort(), startedAt);
  let end = 0;
  const look = (minute, group) => {
    end = minute + STEP_MINUTES;
    return { at: end, verdict: monitor({ minute, windows: group }) };
  };
  for (const group of groupsOf(windows)) {
    const minute = (group[0]?.startedAt ?? 0) / 60;
    const last = end;
    for (let quiet = last; last > 0 && quiet < Math.min(minute, last + BUCKET_MINUTES); quiet += STEP_MINUTES) {
      yield look(quiet, []);
    }
    yield look(minute, group);
  }
  for (let quiet = 0; quiet < BUCKET_MINUTES; quiet += STEP_MINUTES) yield look(end, []);
}
function* ratesOf(buckets, spec) {
  const params = thresholdParams(spec);
  const window = newRateWindow(trustedRule(params), spec.thresholds.window / 60);
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next <= bucket.minute; next += BUCKET_MINUTES) {
      const seen = next < bucket.minute ? { minute: next, strata: [] } : bucket;
      yield { at: next + BUCKET_MINUTES, verdict: slide(window, seen).verdict };
    }
  }
}

// src/domain/simulation/burstiness.ts
var BLOCKS = [1, 3, 12];
var STEP_SECONDS2 = 300;
var LEAST_BLOCKS = 20;
var LEAST_BAD = 10;
var BEYOND_CHANCE = 3;
var THOUSANDTHS = 1e3;
function measuredCorrelation(steps) {
  const bad = steps.reduce((sum, step) => sum + step.bad, 0);
  const events = steps.reduce((sum, step) => sum + step.events, 0);
  if (bad < LEAST_BAD || bad === events) return null;
  const found = BLOCKS.flatMap((length) => {
    const blocks = blocksOf(steps, length).sort((a, b) => a.events - b.events);
    const half = Math.floor(blocks.length / 2);
    return [blocks.slice(0, half), blocks.slice(half)].map((part) => correlationOf(part, bad / events));
  }).filter((one) => one !== null);
  if (found.length === 0) return null;
  return Math.min(1, Math.ceil(Math.max(0, ...found) * THOUSANDTHS - 1e-9) / THOUSANDTHS);
}
function blocksOf(steps, length) {
  const blocks = /* @__PURE__ */ new Map();
  for (const { at, events, bad } of steps) {
    if (events === 0) continue;
    const place = Math.ceil(at / STEP_SECONDS2 / length);
    const block = blocks.get(place) ?? { events: 0, bad: 0, steps: 0 };
    blocks.set(place, { events: block.events + events, bad: block.bad + bad, steps: block.steps + 1 });
  }
  return [...blocks.values()];
}
function correlationOf(blocks, share) {
  if (blocks.length < LEAST_BLOCKS) return null;
  let [statistic, variance, beside] = [0, 0, 0];
  for (const { events, bad, steps } of blocks) {
    const expected = events * share * (1 - share);
    statistic += (bad - events * share) ** 2 / expected;
    variance += 2 + 1 / expected;
    beside += events / steps - 1;
  }
  const excess = statistic - (blocks.length - 1);
  if (excess <= BEYOND_CHANCE * Math.sqrt(variance)) return 0;
  return beside <= 0 ? 1 : excess / beside;
}

// src/domain/simulation/guardrail-test.ts
var DAY_SECONDS2 = 86400;
function testGuardrail(spec, { metric, guardrail }, lives, { from, until, judgedWith = null }) {
  const acting = guardrailsOf(spec).filter(([name, one]) => name !== metric && effectOf(one) === "rollback");
  const params = guardrailParams(spec, guardrail, acting.length + 1);
  const acted = lives.flatMap((life) => [...actedIn(life, params)]).sort((a, b) => a.at - b.at);
  const arms = ["treatment", "control"].map((arm) => {
    const steps2 = stepsOf(lives.filter((life) => life.arm === arm));
    return { steps: steps2, ...coverageOf(steps2, from, until), correlation: measuredCorrelation(steps2) };
  });
  const [treatment, control] = arms;
  const { steps, days, gap } = control.days > treatment.days ? control : treatment;
  const measured = arms.map(({ correlation }) => correlation).filter((one) => one !== null);
  return {
    ...{ metric, guardrail, from, until, acted, days, gap, judgedWith },
    events: steps.reduce((sum, one) => sum + one.events, 0),
    bad: steps.reduce((sum, one) => sum + one.bad, 0),
    correlation: measured.length === 0 ? null : Math.max(...measured)
  };
}
function* actedIn({ epoch, arm, startedAt, windows }, params) {
  let rest = windows;
  let since = startedAt;
  while (rest.length > 0) {
    let found = null;
    for (const { at, verdict } of scoresOf({ windows: rest, startedAt: since }, params)) {
      if (verdict !== "harmful") continue;
      found = at;
      break;
    }
    if (found === null) return;
    yield { epoch, arm, at: found };
    since = found * 60 + DAY_SECONDS2;
    rest = rest.filter((window) => window.startedAt >= since);
  }
}
function stepsOf(lives) {
  const steps = /* @__PURE__ */ new Map();
  for (const { windows } of lives) {
    for (const { startedAt, finished, failed } of windows) {
      if (finished === 0) continue;
      const at = startedAt + 300;
      const step = steps.get(at) ?? { at, events: 0, bad: 0 };
      steps.set(at, { at, events: step.events + finished, bad: step.bad + failed });
    }
  }
  return [...steps.values()].sort((a, b) => a.at - b.at);
}
function coverageOf(steps, from, until) {
  const days = new Set(steps.map(({ at }) => Math.floor((at - 1 - from) / DAY_SECONDS2)));
  let longest = { from, until: from };
  let last = from;
  for (const moment of [...steps.map(({ at }) => at), until]) {
    if (moment - last > longest.until - longest.from) longest = { from: last, until: moment };
    last = moment;
  }
  return { days: days.size, gap: longest.until - longest.from > DAY_SECONDS2 ? longest : null };
}

// src/app/guardrails/back-test.ts
var DAYS_STORED = 30;
var DAYS_ASKED = 7;
async function readGuardrailPast(read, feature, spec) {
  const { now } = await read.state();
  const epochs = await read.guardrails.observedEpochs(feature, observedMetrics(spec), DAYS_STORED);
  const lives = /* @__PURE__ */ new Map();
  for (const { metric, epoch, startedAt, windows } of await read.guardrails.observedWindows(
    epochs,
    DAYS_STORED
  )) {
    const life = { epoch, arm: "treatment", startedAt, windows: windows() };
    lives.set(metric, [...lives.get(metric) ?? [], life]);
  }
  return { now, lives };
}
async function testGuardrails(spec, past, engine, about) {
  const tests = [];
  for (const [metric, guardrail] of guardrailsOf(spec)) {
    const { query } = guardrail;
    const asked = engine === "fork" || about?.has(metric) === false ? null : engine;
    const found = query && asked ? await testOnEngine(spec, { metric, guardrail, query }, asked, past.now) : testOnStored(spec, { metric, guardrail }, past, engine);
    tests.push({ metric, guardrail, found });
  }
  return tests;
}
function testOnStored(spec, of, { now, lives }, engine) {
  const stored = lives.get(of.metric) ?? [];
  if (!stored.some(({ windows }) => windows.some(({ finished }) => finished > 0))) {
    if (!of.guardrail.query) return { code: "no_events" };
    if (engine === "fork") return { code: "fork" };
    return { code: engine === null ? "no_engine" : "no_events" };
  }
  const until = Math.floor(now.getTime() / 1e3);
  const from = until - DAYS_STORED * DAY_SECONDS;
  return { code: "tested", by: "stored", test: testGuardrail(spec, of, stored, { from, until }) };
}
async function testOnEngine(spec, of, engine, now) {
  const until = closedAt(now);
  const from = until - DAYS_ASKED * DAY_SECONDS;
  try {
    const counts = await countsOfDays(engine, of.query, from, until);
    if (counts.length === 0) return { code: "no_events" };
    const test = testGuardrail(spec, of, engineLives(counts, from, null), { from, until });
    if (!isBlind(of.guardrail)) return { code: "tested", by: "engine", test };
    const judgedWith = of.guardrail.correlation ?? test.correlation ?? 1;
    const lives = engineLives(counts, from, judgedWith);
    return {
      code: "tested",
      by: "engine",
      test: testGuardrail(spec, of, lives, { from, until, judgedWith })
    };
  } catch (error) {
    if (!(error instanceof EngineRefusal) && !(error instanceof ImpossibleAnswer)) throw error;
    return { code: "engine_refused", problem: error.message };
  }
}

export {
  asKept,
  expectedOf,
  ImpossibleAnswer,
  EngineRefusal,
  backTest,
  countsOf2 as countsOf,
  readGuardrailPast,
  testGuardrails
};
