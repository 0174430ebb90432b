import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  stateOf,
  unresolved
} from "./chunk-FIREXMHY.js";
import {
  heartbeatIsStale
} from "./chunk-ZWOM6VOV.js";
import {
  measureTraffic,
  soakToSeeDoubling
} from "./chunk-XOX3TVCN.js";
import {
  gateFrom,
  slowdownOf
} from "./chunk-MVJV7QGA.js";
import {
  requireFeature
} from "./chunk-6M753A3Q.js";
import {
  costOf,
  freezeAt,
  judgeAdvance,
  nextStep,
  readNextSpending,
  soakOf,
  wayTo
} from "./chunk-CGKZ2VQL.js";
import {
  seededRandom
} from "./chunk-FDE2BHFX.js";
import "./chunk-MRT3W3EF.js";
import {
  thresholdParams
} from "./chunk-3AB62VHW.js";
import {
  calledBy
} from "./chunk-NSWKCLK7.js";
import {
  adviceOf
} from "./chunk-A74YMBPN.js";
import {
  ROUTING_RULES,
  classOf,
  fillSpec,
  openingFrom,
  routingFrom
} from "./chunk-E7ZLXCHG.js";
import {
  dailyTimesTold
} from "./chunk-EEBLTFAB.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import {
  NOTHING_HEARD
} from "./chunk-U5RFSSKE.js";
import {
  byKey,
  hundredths,
  percentOf,
  rateOf,
  ratesByPlace,
  timesByProcessor
} from "./chunk-3ADH3BHO.js";
import {
  CATEGORIES,
  admitsNobody,
  isNarrowed,
  narrowingOf,
  withoutValues
} from "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import {
  DAY_MS,
  DAY_SECONDS,
  secondsBetween,
  wholeMinuteOf
} from "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/domain/evidence/routes.ts
var NEVER = { today: 0, week: 0, epoch: 0, last_day: null, days: [] };
function ruleUses(kept, routing) {
  if (kept.length === 0) return [];
  return ROUTING_RULES.flatMap((rule) => {
    const known = kept.find((one) => one.rule === rule);
    if (!known && rule === "breaker" && routing.breaker !== true) return [];
    const job_class = classOf(rule);
    return [{ ...NEVER, ...known, rule, job_class, processor: routing[job_class] }];
  });
}
function routesTold(uses) {
  return uses.length === 0 ? {} : { routes: uses };
}

// src/domain/report/difference-band.ts
var ALPHA = 0.05;
var PRIOR = { failed: 0.5, passed: 5 };
var HALVINGS = 30;
function differenceBand(categories, possible) {
  const limit = Math.log(2 * Math.max(possible, categories.length) / ALPHA);
  const both = categories.filter(({ treatment, control }) => treatment.spans > 0 && control.spans > 0);
  const jobs = both.reduce((sum, one) => sum + one.jobs, 0);
  const all = categories.reduce((sum, one) => sum + one.jobs, 0);
  if (jobs === 0) return null;
  const band = { difference: 0, low: 0, high: 0 };
  for (const { jobs: own, treatment, control } of both) {
    const weight = 100 * own / jobs;
    const [of, against] = [boundsOf(treatment, limit), boundsOf(control, limit)];
    band.difference += weight * (shareOf(treatment) - shareOf(control));
    band.low += weight * (of.low - against.high);
    band.high += weight * (of.high - against.low);
  }
  return { ...band, compared: 100 * jobs / all };
}
function shareOf({ spans, failed }) {
  return failed / spans;
}
function boundsOf(sum, limit) {
  const { spans, failed } = sum;
  const passed = spans - failed;
  const gained = logBeta(PRIOR.failed + failed, PRIOR.passed + passed) - logBeta(PRIOR.failed, PRIOR.passed);
  const refuted = (mean) => gained - power(failed, mean) - power(passed, 1 - mean) >= limit;
  const middle = shareOf(sum);
  return {
    low: refuted(0) ? edge(middle, 0, refuted) : 0,
    high: refuted(1) ? edge(middle, 1, refuted) : 1
  };
}
function edge(stands, falls, refuted) {
  let [inside, outside] = [stands, falls];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (inside + outside) / 2;
    if (refuted(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}
function power(count, share2) {
  return count === 0 ? 0 : count * Math.log(share2);
}
function logBeta(a, b) {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
function logGamma(x) {
  let shift = 0;
  let z = x;
  for (; z < 12; z++) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

// src/domain/report/difference-series.ts
function differenceSeries(found, possible) {
  const { since, every, columns } = found;
  const sums = /* @__PURE__ */ new Map();
  const series = { since, at: [], difference: [], low: [], high: [], compared: 0 };
  const slots = [...new Set(columns.flatMap(({ slot }) => slot))].sort((a, b) => a - b);
  for (const slot of slots) {
    for (const column of columns) add(sums, column, slot);
    const band = differenceBand([...sums.values()], possible);
    if (band === null) continue;
    series.at.push(Math.round(since.getTime() / 1e3) + (slot + 1) * every);
    series.difference.push(hundredths2(band.difference));
    series.low.push(hundredths2(band.low));
    series.high.push(hundredths2(band.high));
    series.compared = Math.round(band.compared);
  }
  return series.at.length === 0 ? null : series;
}
function add(sums, column, slot) {
  const i = column.slot.indexOf(slot);
  if (i < 0) return;
  const sum = sums.get(column.category) ?? {
    ...{ jobs: 0, treatment: { spans: 0, failed: 0 }, control: { spans: 0, failed: 0 } }
  };
  sum[column.arm].spans += column.spans[i] ?? 0;
  sum[column.arm].failed += column.failed[i] ?? 0;
  if (column.arm === "treatment") sum.jobs += column.jobs[i] ?? 0;
  sums.set(column.category, sum);
}
function hundredths2(value) {
  return Math.round(value * 100) / 100;
}

// src/domain/report/failures.ts
var CLEARLY = 2;
function errorTrend({ failed, failed_before: before, first_at }, { jobs, jobs_before }, since) {
  if (first_at >= since) return "new";
  if (failed === 0) return "gone";
  const more = jobs > 0 && jobs_before > 0 ? jobs / jobs_before : 1;
  const expected = before * more;
  const difference = (failed - expected) / Math.sqrt(failed + expected * more);
  if (Math.abs(difference) < CLEARLY) return "same";
  return difference > 0 ? "more" : "less";
}
function withoutSubjects(failures) {
  const { worst_subjects: shown } = failures;
  if (!shown) return failures;
  const worst = shown.worst.map((one) => ({ ...one, subject: null, name: null }));
  return { ...failures, worst_subjects: { ...shown, worst } };
}

// src/domain/report/history.ts
function shownEntry({ feature, epoch, metadata, digest, ...shown }) {
  return shown;
}

// src/app/views/feature/failures.ts
var WORST_SUBJECTS = 5;
var CLASSES = 5;
function failingEpoch({ feature, epoch }, rolledBack, now) {
  return rolledBack ? { feature, epoch: epoch - 1, until: rolledBack.opened_at } : { feature, epoch, until: now };
}
async function readFailures(read, asked, worst = WORST_SUBJECTS) {
  const subjects = await read.outcomes.failingSubjects(asked, worst);
  const classes = await read.outcomes.errorClasses(asked, CLASSES);
  return (feature) => {
    const who = subjects.get(feature);
    const what = classes.get(feature);
    return { ...who && { worst_subjects: who }, ...what && { error_classes: classesTold(what) } };
  };
}
function classesTold({
  since,
  epoch_started_at: began,
  jobs,
  jobs_before,
  classes,
  more
}) {
  const told = classes.map((one) => {
    const trend = errorTrend(one, { jobs, jobs_before }, since);
    return { ...one, trend, new_in_epoch: began !== null && one.first_at >= began };
  });
  return { jobs, jobs_before, classes: told, more };
}

// src/domain/gate/wait.ts
function waitsForNobodyElse(wait) {
  return wait === null || wait.code === "person";
}

// src/domain/report/rolled-back.ts
function rolledBackBy(latest2) {
  if (latest2?.kind !== "rollback" || latest2.state !== "open" && latest2.state !== "settled") return null;
  const { id, opened_at, reason, evidence } = latest2;
  return {
    incident: id,
    opened_at,
    reason,
    evidence: evidence && { scope: evidence.scope, ...evidence.window }
  };
}
function failingRates({ evidence }) {
  if (evidence === null) return null;
  const { jobs, errors, control_jobs, control_errors } = evidence;
  return { treatment: counted(jobs, errors), control: counted(control_jobs, control_errors) };
}
function counted(jobs, errors) {
  return rateOf([{ jobs, errors, timed_jobs: 0, processing_ms: 0 }]);
}

// src/domain/evidence/warning.ts
var MOST_OF_ONE_CATEGORY = 0.8;
function unevenOf(categories) {
  const total = categories.reduce((sum, { subjects }) => sum + subjects, 0);
  const most = categories.find(({ subjects }) => subjects > total * MOST_OF_ONE_CATEGORY);
  if (!most || most.category === null) return null;
  return { code: "uneven", category: most.category, percent: percentOf(most.subjects, total) };
}

// src/domain/health/health-score.ts
var ERRORS = 60;
var SLOWNESS = 20;
var PARTICIPATION = 20;
var LEAST_PARTICIPATION = 0.1;
var LIMITS = {
  healthy: 100,
  insufficient: 100,
  no_data: 100,
  warning: 74,
  suspect: 49,
  error: 49,
  harmful: 24
};
function healthScore(facts) {
  if (facts.jobs <= 0) return null;
  const rate = facts.errors / facts.jobs * 100;
  const slower = ((facts.slowdown ?? 1) - 1) / Math.max(0.01, facts.maxSlowdown - 1);
  const tried = (facts.participation ?? LEAST_PARTICIPATION) / LEAST_PARTICIPATION;
  const errors = ERRORS * share(rate / Math.max(0.01, facts.criticalErrorRate));
  const slowness = SLOWNESS * share(slower);
  const participation = PARTICIPATION * (1 - share(tried));
  const limit = facts.verdict === null ? 100 : LIMITS[facts.verdict];
  const score = Math.round(Math.min(limit, 100 - errors - slowness - participation));
  return {
    score,
    errors: rounded(errors),
    slowness: rounded(slowness),
    participation: rounded(participation),
    limit
  };
}
function share(value) {
  return Math.min(1, Math.max(0, value));
}
function rounded(value) {
  return Math.round(value * 10) / 10;
}

// src/app/views/feature/rates.ts
function subjectsKept({ outcomes, subjects_whole_since, now }, window) {
  if (outcomes !== null && outcomes.by_subject !== "full") return false;
  return subjects_whole_since === null || secondsBetween(subjects_whole_since, now) >= window;
}
function summaryOf(facts) {
  const { rates, live, spec, row, verdict, slowdown, participants, categories } = facts;
  const inWindow = rates.filter(({ side }) => side === "now");
  const of = (arm, side) => rateOf(rates.filter((one) => one.present && one.arm === arm && one.side === side));
  const treatment = of("treatment", "now");
  const before = of("treatment", "before");
  const eligible = categories.reduce((sum, one) => sum + one.eligible, 0);
  const participation = eligible > 0 && participants !== null ? { subjects: participants, share: participants / eligible * 100 } : null;
  const limit = row?.settings.max_error_rate ?? 5;
  const parts = live ? healthScore({
    verdict: verdict?.verdict ?? null,
    jobs: treatment.jobs,
    errors: treatment.errors,
    slowdown,
    criticalErrorRate: spec?.thresholds.critical_error_rate ?? Math.min(100, 2 * limit),
    maxSlowdown: spec?.thresholds.max_slowdown ?? 1.5,
    participation: participation && participation.share / 100
  }) : null;
  return {
    score: parts?.score ?? null,
    score_parts: parts,
    window: row?.settings.window ?? DAY_SECONDS,
    treatment,
    control: of("control", "now"),
    before,
    trend: treatment.error_rate === null || before.error_rate === null ? null : hundredths(treatment.error_rate - before.error_rate),
    participation: participation && { ...participation, share: hundredths(participation.share) },
    warnings: live ? warningsOf(facts, eligible) : [],
    rates: ratesByPlace(inWindow),
    times: timesByProcessor(inWindow)
  };
}
function ratesBefore(rolledBack, { rates }) {
  const of = (arm) => rateOf(rates.filter((one) => one.arm === arm && one.side === "now"));
  return failingRates(rolledBack) ?? { treatment: of("treatment"), control: of("control") };
}
function warningsOf(facts, eligible) {
  const { participants, spec, categories, standing } = facts;
  const warnings = [];
  if (participants !== null && mayBeExpected(facts) && eligible > 0 && participants / eligible < LEAST_PARTICIPATION) {
    warnings.push({ code: "few_participate", participants, eligible });
  }
  const chosen = standing.strategy !== "percentage" || (spec?.categories ?? null) !== null;
  const uneven = unevenOf(categories.map(({ category, eligible: subjects }) => ({ category, subjects })));
  if (!chosen && uneven !== null) warnings.push(uneven);
  return warnings;
}
function mayBeExpected({ participants, standing, spec, now }) {
  const age = secondsBetween(standing.epoch_started_at, now);
  return (participants ?? 0) > 0 || age >= (spec?.thresholds.window ?? DAY_SECONDS);
}

// src/app/views/feature/steps.ts
async function stepReader(read, state, live, specs) {
  const speed = await read.health.speedOf(live);
  const jobs = await read.health.stepJobsOf(live);
  const soaks = await read.health.soaks(live);
  const soakOf2 = ({ feature, step_started_at }) => soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 };
  const spreads = await read.health.spreads(
    live.map((standing) => ({ ...standing, step_started_at: soakOf2(standing).since }))
  );
  const spending = await readNextSpending(
    read,
    live.flatMap((standing) => {
      const spec = specs.get(standing.feature);
      return spec ? [{ standing, spec }] : [];
    })
  );
  return {
    spending: ({ feature }) => spending.get(feature) ?? null,
    slowdown: ({ feature }) => slowdownOf(speed.get(feature) ?? []),
    gate: (standing, spec, judgement) => gateFrom(standing, spec, judgement, {
      soak: soakOf2(standing),
      step: jobs.get(standing.feature) ?? { jobs: 0, errors: 0 },
      spread: spreads.get(standing.feature) ?? NOTHING_HEARD,
      spending: spending.get(standing.feature) ?? null,
      state
    })
  };
}
function nextOf(steps, { live, spec, standing, verdict }) {
  if (!live || !spec) return { next_step: null, soak_left: null, advance: null };
  const judgement = verdict ?? { verdict: "no_data", reason: "no tick has judged this epoch yet" };
  const advance = judgeAdvance(steps.gate(standing, spec, judgement));
  return {
    next_step: advance.next?.percentage ?? null,
    soak_left: Math.ceil(advance.soakLeft),
    advance
  };
}

// src/app/views/feature/health.ts
var ERROR_TEXTS = 5;
async function healthReader(read, state, standings, feature) {
  const rates = byFeature(await read.outcomes.rates(feature));
  const errors = byFeature(await read.outcomes.errorTexts(ERROR_TEXTS, feature));
  const open = byFeature(await read.outcomes.openJobs(feature));
  const participants = await read.outcomes.participants(feature);
  const verdicts = await read.health.lastVerdicts(feature);
  const rows = await read.features.actual(feature);
  const incidents = byFeature(await read.incidents.details(1, feature));
  const isLive = (row) => row !== void 0 && !admitsNobody(row.columns) && state.global_stop === null;
  const specs = new Map(
    [...rows.values()].flatMap(
      ({ feature: name, spec, columns }) => spec ? [[name, { ...spec, ...columns }]] : []
    )
  );
  const steps = await stepReader(
    read,
    state,
    standings.filter((standing) => isLive(rows.get(standing.feature))),
    specs
  );
  return (standing, categories) => {
    const name = standing.feature;
    const row = rows.get(name);
    const live = isLive(row);
    const spec = specs.get(name) ?? null;
    const verdict = verdicts.get(name) ?? null;
    const facts = {
      standing,
      categories,
      live,
      spec,
      verdict,
      row,
      now: state.now,
      rates: rates.get(name) ?? [],
      participants: subjectsKept(state, row?.settings.window ?? DAY_SECONDS) ? participants.get(name) ?? 0 : null,
      slowdown: live ? steps.slowdown(standing) : null
    };
    const jobs = open.get(name) ?? [];
    const rolledBack = live ? null : rolledBackBy(incidents.get(name)?.[0]);
    const next = nextOf(steps, facts);
    const settled = unresolved(incidents.get(name) ?? [])?.state === "settled";
    return {
      state: wordOf(facts, state, next, settled),
      ...summaryOf(facts),
      ...rolledBack ? ratesBefore(rolledBack, facts) : {},
      rolled_back: rolledBack,
      ...next,
      ...spendingTold(steps.spending(standing)),
      verdict: verdict && verdictOf(verdict),
      guardrails: verdict?.guardrails ?? [],
      open_jobs: jobs.reduce((sum, one) => sum + one.open, 0),
      oldest_open: jobs.reduce((oldest, one) => earlier(oldest, one.oldest), null),
      error_texts: (errors.get(name) ?? []).map(without),
      open_by_processor: jobs.map(without)
    };
  };
}
function wordOf({ standing, live, spec, verdict }, state, { next_step, soak_left, advance }, settled) {
  return stateOf({
    stopped: standing.emergency_stop || state.global_stop !== null,
    held: standing.incident !== null,
    settled,
    live,
    paused: spec?.paused ?? false,
    freeze: freezeAt(state.freezes, state.now) !== null,
    verdict: verdict?.verdict ?? null,
    next: next_step,
    soakLeft: soak_left ?? 0,
    ready: next_step !== null && advance !== null && waitsForNobodyElse(advance.wait)
  });
}
function spendingTold(spending) {
  return spending ? { spending } : {};
}
function byFeature(rows) {
  return byKey(rows, ({ feature }) => feature);
}
function without({ feature: _feature, ...rest }) {
  return rest;
}
function verdictOf({ feature: _feature, guardrails: _guardrails, ...verdict }) {
  return verdict;
}
function earlier(a, b) {
  return a !== null && a < b ? a : b;
}

// src/app/views/feature/routes.ts
async function routesReader(read, rows, feature) {
  const kept = byKey(await read.outcomes.routes(feature), (row) => row.feature);
  return (name) => ruleUses(
    (kept.get(name) ?? []).map(({ feature: _feature, ...rest }) => rest),
    routingFrom(rows.get(name)?.spec?.routing)
  );
}

// src/app/views/report-advice.ts
var MINUTES_MEASURED = 7 * 24 * 60;
var RUNS = 60;
var SEED = 1;
async function adviceFor(read, known) {
  const { standing, spec, live, health, weeks, past } = known;
  const { now } = known.state;
  const unchangedSince = past.exposure.at(-1)?.at ?? standing.step_started_at;
  const spoke = past.turns.filter(({ verdict }) => RAISED.includes(verdict));
  const quietSince = latest([unchangedSince, spoke.at(-1)?.at, past.incidents[0]?.opened_at]);
  const facts = {
    spec,
    percentage: standing.percentage,
    live,
    held: standing.incident !== null,
    unchangedDays: daysSince(unchangedSince, now),
    quietDays: daysSince(quietSince, now),
    window: { jobs: health.treatment.jobs, controlJobs: health.control.jobs },
    month: weeks.month,
    raised: spoke.filter(({ at }) => daysSince(at, now) < 28).length,
    soak: known.simulate && live ? await soakFacts(read, known) : null,
    cost: weeks.cost,
    spending: health.spending ?? null
  };
  return adviceOf(facts);
}
var NOTHING_KEPT = { windows: [], durations: { timed: 0, meanSeconds: 0 } };
var RAISED = ["warning", "suspect", "harmful", "error"];
async function soakFacts(read, { standing, spec, state }) {
  const seconds = soakOf(spec);
  if (seconds === 0) return null;
  const rows = await read.health.evidence(standing.feature, standing.epoch);
  const until = wholeMinuteOf(state.now);
  const step = wholeMinuteOf(standing.step_started_at);
  const kept = (await read.health.windowsOf([standing])).get(standing.feature)?.() ?? NOTHING_KEPT;
  const traffic = measureTraffic(rows, Math.max(step, until - MINUTES_MEASURED), until, kept);
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories, bursts } = traffic;
  const needed = soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, seededRandom(SEED), {
    ...control ? { control } : {},
    categories,
    analysis: spec.analysis,
    runs: RUNS,
    jobsTogether: bursts?.failedTogether ?? 1
  });
  return { needed, jobsPerHour, errorRate, seconds };
}
function latest(moments) {
  return new Date(Math.max(...moments.map((at) => at?.getTime() ?? 0)));
}
function daysSince(at, now) {
  return (now.getTime() - at.getTime()) / DAY_MS;
}

// src/app/views/report-difference.ts
function stretchOf({ feature, epoch, active, emergency_stop, step_started_at }, exposure, incidents, now) {
  const rolledBack = leftNobody({ active, emergency_stop }, incidents[0]);
  if (rolledBack) {
    const until = rolledBack.opened_at;
    const since = exposure.findLast(({ at, live }) => live && at < until)?.at;
    return since === void 0 ? null : { feature, epoch: epoch - 1, since, until };
  }
  if (!active || emergency_stop) return null;
  return { feature, epoch, since: step_started_at, until: now };
}
function leftNobody({ active, emergency_stop }, latest2) {
  return !active || emergency_stop ? rolledBackBy(latest2) : null;
}

// src/app/views/report-series.ts
function emptyRates() {
  return {
    at: [],
    span: [],
    jobs: [],
    errors: [],
    control_jobs: [],
    control_errors: [],
    mean_ms: [],
    control_mean_ms: []
  };
}
function emptyScores() {
  return { at: [], verdict: [], absolute: [], relative: [], warning: [] };
}
function exposureNow(points, stop) {
  if (!stop || points.at(-1)?.percentage === 0) return points;
  return [
    ...points,
    { at: stop.at, percentage: 0, live: false, action: "emergency_stop", history: null }
  ];
}
var WEEK_MS = 7 * DAY_MS;
function weeksOf(sums, spec, points, now, weeks) {
  const week = (number) => {
    const own = sums.filter((sum) => sum.week === number);
    const end = new Date(now.getTime() - number * WEEK_MS);
    return {
      treatment: rateOf(own.filter(({ arm }) => arm === "treatment")),
      control: rateOf(own.filter(({ arm }) => arm === "control")),
      cost: own.length === 0 ? null : costOf(byProcessor(own), spec, 7).total,
      percentage: points.findLast(({ at }) => at <= end)?.percentage ?? 0
    };
  };
  const { jobs, errors } = rateOf(sums.filter(({ arm }) => arm === "treatment"));
  return {
    now: week(0),
    before: week(1),
    cost: costOf(byProcessor(sums), spec, weeks * 7),
    month: { jobs, errors }
  };
}
function byProcessor(sums) {
  return [...byKey(sums, ({ processor }) => processor)].map(([processor, own]) => ({
    processor,
    jobs: own.reduce((all, { jobs }) => all + jobs, 0),
    timed_jobs: own.reduce((all, { timed_jobs }) => all + timed_jobs, 0),
    processing_ms: own.reduce((all, { processing_ms }) => all + processing_ms, 0)
  }));
}

// src/domain/report/next.ts
function nextOf2(facts) {
  const { state, spec, gate, now } = facts;
  if (state === "stopped" || state === "held" || state === "rolled_back") return without2(heldNext(facts));
  if (state === "off") return without2({ code: "off" });
  const percentage = nextStep(spec)?.percentage ?? null;
  if (percentage === null) return without2({ code: spec.steps.length === 0 ? "no_steps" : "last_step" });
  const wait = gate?.wait ?? null;
  const way = wayTo(spec, percentage);
  if (gate && waitsForNobodyElse(wait)) return { percentage, at: now, what: { code: "ready", way } };
  if (state === "soaking" && !facts.frozen) {
    const left_seconds = Math.ceil(gate?.soakLeft ?? 0);
    const besides = wait?.code === "soak" ? null : wait;
    const soaked = new Date(now.getTime() + left_seconds * 1e3);
    const at = spec.hours ? openingFrom(spec.hours, soaked) : soaked;
    return { percentage, at, what: { code: "soak", left_seconds, besides, way } };
  }
  if (wait?.code === "hours") return { percentage, at: wait.opens, what: { code: "gate", wait } };
  return { percentage, at: null, what: isWaiting(state) ? { code: "state", state } : { code: "gate", wait } };
}
function heldNext({ incident, stopped }) {
  if (!incident) return { code: stopped ? "everything_stopped" : "stopped_by_file" };
  const open = incident.state === "open";
  return { code: "resume", incident: open ? incident.id : null, file: open ? fileAhead(incident) : null };
}
function fileAhead({
  write_back,
  write_back_pull_request
}) {
  if (write_back === "pending") return { code: "pending" };
  if (write_back !== "proposed" || write_back_pull_request === null) return null;
  return { code: "proposed", pull_request: write_back_pull_request };
}
var WAITING = [
  ...["harmful", "error", "suspect", "warning", "no_data", "gathering"]
];
function isWaiting(state) {
  return WAITING.includes(state);
}
function without2(what) {
  return { percentage: null, at: null, what };
}

// src/app/views/report-standing.ts
function standingTold(facts) {
  const { standing, spec, health, state, past, categories } = facts;
  const freeze = freezeAt(state.freezes, state.now);
  const gate = health.advance;
  const incident = unresolved(past.incidents);
  const word = stateOf({
    stopped: standing.emergency_stop || state.global_stop !== null,
    held: standing.incident !== null,
    settled: incident?.state === "settled",
    live: facts.live,
    paused: spec.paused,
    freeze: freeze !== null,
    verdict: health.verdict?.verdict ?? null,
    next: health.next_step,
    soakLeft: health.soak_left ?? 0,
    ready: health.next_step !== null && gate !== null && waitsForNobodyElse(gate.wait)
  });
  const sum = (of) => categories.reduce((all, one) => all + one[of], 0);
  const counts = { eligible: state.global_stop ? 0 : sum("eligible"), total: sum("total") };
  const since = sinceOf(word, facts);
  const stop = incident ? { reason: incident.reason, by: incident.opened_by } : state.global_stop;
  const next = nextOf2({
    spec,
    state: word,
    gate,
    incident,
    now: state.now,
    stopped: state.global_stop !== null,
    frozen: freeze !== null
  });
  return {
    state: word,
    since,
    next,
    ...counts,
    stopped_by: word === "stopped" && stop ? { reason: stop.reason, by: stop.by } : null
  };
}
function soakNow(spec, since, left) {
  const seconds = soakOf(spec);
  if (seconds === 0 || spec.strategy === "whitelist") return null;
  return { since, seconds, left, share: Math.round(Math.max(0, 1 - left / seconds) * 1e3) / 10 };
}
var OF_VERDICT = [
  ...["harmful", "error", "suspect", "warning", "gathering", "no_data"]
];
function sinceOf(word, { standing, past, soak, state }) {
  const { exposure, turns } = past;
  const last = unresolved(past.incidents)?.opened_at;
  if (word === "stopped" || word === "held" || word === "rolled_back")
    return last ?? state.global_stop?.at ?? exposure.at(-1)?.at ?? standing.step_started_at;
  if (word === "off") return exposure.at(-1)?.at ?? standing.step_started_at;
  if (OF_VERDICT.includes(word)) return turns.at(-1)?.at ?? standing.epoch_started_at;
  return soak?.since ?? standing.step_started_at;
}

// src/app/views/status.ts
function bySize(categories) {
  const order = [...CATEGORIES, null];
  return categories.sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category));
}

// src/app/views/report-feature.ts
var INCIDENTS = 20;
var HISTORY = 100;
var TIME_DAYS = 14;
var WEEKS = 4;
async function featureReader(read, state, standings, options) {
  const known = await readKnown(read, state, standings, options.feature);
  return async (standing) => {
    const name = standing.feature;
    const row = known.rows.get(name);
    const spec = specOf(name, row);
    const categories = bySize(known.eligible.get(name) ?? []);
    const health = known.healthOf(standing, categories);
    const live = row !== void 0 && !admitsNobody(row.columns) && state.global_stop === null;
    const history = known.history.get(name) ?? [];
    const exposure = exposureNow((known.exposures.get(name) ?? []).map(without3), state.global_stop);
    const turns = (known.turns.get(name) ?? []).map(without3);
    const incidents = (known.incidents.get(name) ?? []).map(without3);
    const weeks = weeksOf(known.sums.get(name) ?? [], spec, exposure, state.now, WEEKS);
    const since = known.soaks.get(name)?.since ?? standing.step_started_at;
    const soak = live ? soakNow(spec, since, health.soak_left ?? 0) : null;
    const past = { exposure, turns, incidents };
    const spans = known.spans.get(name);
    const possible = spec.subject === "repository" ? spec.categories?.length ?? CATEGORIES.length + 1 : 1;
    const facts = { standing, spec, live, health, state, past };
    return {
      ...ofSpec(spec, options.showNames ?? false),
      ...ofStanding(standing),
      ...standingTold({ ...facts, soak, categories }),
      ...brokenIn(known.breakers.get(name) ?? []),
      ...quarantinedIn(known.quarantined.get(name) ?? [], options.showNames ?? false),
      soak,
      categories,
      ...past,
      ...weeksTold(weeks),
      health: { ...health, error_texts: options.showNames ? health.error_texts : [] },
      ...options.showNames ? known.failuresOf(name) : withoutSubjects(known.failuresOf(name)),
      difference: spans ? differenceSeries(spans, possible) : null,
      rates: known.rates.get(name) ?? emptyRates(),
      ...dailyTimesTold(known.dailyTimes.get(name)),
      ...routesTold(known.routesOf(name)),
      scores: known.scores.get(name) ?? emptyScores(),
      history: history.map(shownEntry),
      history_left_out: Math.max(0, (known.counts.get(name) ?? 0) - history.length),
      advice: await adviceFor(read, { ...facts, weeks, simulate: options.simulate ?? true })
    };
  };
}
async function readKnown(read, state, standings, only) {
  const soaks = await read.health.soaks(standings);
  const exposures = byKey(await read.health.exposures(only), featureOf);
  const incidents = byKey(await read.incidents.details(INCIDENTS, only), featureOf);
  const stretches = standings.flatMap(
    (one) => stretchOf(one, exposures.get(one.feature) ?? [], incidents.get(one.feature) ?? [], state.now) ?? []
  );
  const rows = await read.features.actual(only);
  const failing = standings.map(
    (one) => failingEpoch(one, leftNobody(one, incidents.get(one.feature)?.[0]), state.now)
  );
  return {
    failuresOf: await readFailures(read, failing),
    healthOf: await healthReader(read, state, standings, only),
    soaks,
    rows,
    eligible: await read.features.eligible(only),
    exposures,
    incidents,
    spans: await read.outcomes.spanSums(stretches),
    rates: new Map((await read.outcomes.rateSeries(only)).map((row) => [row.feature, without3(row)])),
    dailyTimes: await read.outcomes.dailyTimes(TIME_DAYS, only),
    routesOf: await routesReader(read, rows, only),
    scores: new Map((await read.health.scoreSeries(only)).map((row) => [row.feature, without3(row)])),
    turns: byKey(await read.health.turns(only), featureOf),
    quarantined: byKey(await read.incidents.quarantined(only), featureOf),
    breakers: byKey(await read.health.breakers(only), featureOf),
    sums: byKey(await read.outcomes.processorSums(WEEKS, only), featureOf),
    counts: await read.history.counts(only),
    history: await read.history.latest(HISTORY, only)
  };
}
function specOf(feature, row) {
  const spec = row?.spec ?? fillSpec(feature, {}, {});
  return row ? { ...spec, ...row.columns, subject: row.settings.subject } : spec;
}
function ofSpec(spec, showNames) {
  const { description, owner, paused, steps, thresholds, analysis, whitelist, blacklist } = spec;
  return {
    description,
    owner,
    paused,
    steps,
    thresholds,
    analysis,
    rollback_enabled: spec.rollback.enabled,
    category_filter: spec.categories,
    ...narrowingIn(spec, showNames),
    lists: {
      whitelist: whitelist.length,
      blacklist: blacklist.length,
      names: showNames ? { whitelist, blacklist } : null
    }
  };
}
function narrowingIn(spec, showNames) {
  if (!isNarrowed(spec)) return {};
  const narrowing = narrowingOf(spec);
  return { narrowing: showNames ? narrowing : withoutValues(narrowing) };
}
function brokenIn(broken) {
  return broken.length === 0 ? {} : { breakers: broken.map(without3) };
}
function quarantinedIn(inside, showNames) {
  if (inside.length === 0) return {};
  return { in_quarantine: { count: inside.length, names: showNames ? inside.map(calledBy) : null } };
}
function ofStanding(standing) {
  const { feature, subject, strategy, percentage, active, emergency_stop, revision } = standing;
  const { epoch, epoch_started_at, step_started_at } = standing;
  return {
    feature,
    subject,
    strategy,
    percentage,
    active,
    emergency_stop,
    revision,
    epoch,
    epoch_started_at,
    step_started_at
  };
}
function weeksTold({ now, before, cost }) {
  return { weeks: { now, before }, cost };
}
function featureOf({ feature }) {
  return feature;
}
function without3({ feature: _feature, ...rest }) {
  return rest;
}

// src/app/views/report.ts
function readReport({ store }, options = {}) {
  return store.reading(async (read) => {
    const state = await read.state();
    if (options.feature !== void 0) await requireFeature(read, options.feature);
    return {
      generated_at: state.now,
      environment: state.environment,
      revision: state.revision,
      repository_url: options.repositoryUrl ?? null,
      heartbeat: state.heartbeat_at,
      heartbeat_stale: heartbeatIsStale(state.heartbeat_at, state.now),
      global_stop: state.global_stop,
      freeze: freezeAt(state.freezes, state.now),
      history_head: await read.history.head(),
      names_shown: options.showNames ?? false,
      features: await readFeatures(read, state, options)
    };
  });
}
async function readFeatures(read, state, options) {
  const standings = await read.features.standings(options.feature);
  const tell = await featureReader(read, state, standings, options);
  const features = [];
  for (const standing of standings) {
    if (!standing.archived || options.feature !== void 0) features.push(await tell(standing));
  }
  return features;
}
export {
  readReport
};
