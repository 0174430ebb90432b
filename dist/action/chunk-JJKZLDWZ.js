import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gateFrom,
  slowest,
  withSlowdown
} from "./chunk-MVJV7QGA.js";
import {
  unknownFeature
} from "./chunk-6M753A3Q.js";
import {
  judgeAdvance,
  readNextSpending
} from "./chunk-CGKZ2VQL.js";
import {
  effectOf,
  guardrailScope,
  guardrailsOf,
  holdsTheRamp,
  isBlind,
  observedMetrics
} from "./chunk-IJK26YUE.js";
import {
  ALL,
  EMPTY_WINDOW,
  compareBadness,
  evidenceBeside,
  healthParams,
  judgeByThreshold,
  judgeEvidence,
  judgedCategories,
  reasonSentence,
  ruleOf,
  thresholdParams,
  trustedRule,
  unjudged,
  windowOf
} from "./chunk-3AB62VHW.js";
import {
  calledBy,
  quarantineLimit
} from "./chunk-NSWKCLK7.js";
import {
  fillSpec
} from "./chunk-E7ZLXCHG.js";
import {
  plainHint,
  plainNumber
} from "./chunk-TORRJGHT.js";
import {
  NOTHING_EXPECTED,
  asksAgainAt,
  silenced,
  unread,
  unreadSince,
  withStoppedOutcomes
} from "./chunk-PIILY4BD.js";
import {
  ALL_CATEGORIES,
  evidenceOf,
  noEvidence
} from "./chunk-KQIIWPI2.js";
import {
  EVENTS,
  JOBS,
  scopeText
} from "./chunk-B2BW3BM7.js";
import {
  NOTHING_HEARD
} from "./chunk-U5RFSSKE.js";
import {
  STRATEGIES,
  admitsNobody
} from "./chunk-T5UFH23J.js";
import {
  isGroup
} from "./chunk-RPGLZE3Y.js";
import {
  secondsBetween
} from "./chunk-264FZAQV.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";

// src/app/health/live-features.ts
function askedOf({ standing, spec }) {
  return { ...standing, analysis: spec.analysis, metrics: observedMetrics(spec), spec };
}
async function liveFeatures(read, feature) {
  const rows = await read.features.actual(feature);
  const standings = (await read.features.standings(feature)).filter(({ archived }) => !archived);
  const { global_stop } = await read.state();
  if (feature !== void 0 && standings.length === 0) {
    throw await unknownFeature(read, feature);
  }
  if (global_stop) return [];
  return standings.flatMap((standing) => {
    const row = rows.get(standing.feature);
    if (!row || admitsNobody(row.columns)) return [];
    const spec = row.spec ?? fillSpec(standing.feature, {}, {});
    return [{ standing, spec: { ...spec, ...row.columns }, reconciled: row.spec }];
  });
}

// src/domain/guardrails/result.ts
function resultOf({
  metric,
  guardrail,
  judgement,
  control,
  asksAgainAt: asksAgainAt2,
  notYet
}) {
  const { verdict, reasonCode, severity, jobs, errors, scores } = judgement;
  return {
    metric,
    limit: guardrail.limit,
    on_harm: guardrail.on_harm,
    dry_run: guardrail.dry_run,
    verdict,
    reason_code: reasonCode,
    reason: withoutName(judgement, metric),
    severity,
    events: jobs,
    bad: errors,
    control_events: control.events,
    control_bad: control.bad,
    score: scores.absolute,
    ...asksAgainAt2 ? { asks_again_at: asksAgainAt2.toISOString() } : {},
    ...notYet ? { not_yet: notYet } : {}
  };
}
function withoutName({ reason }, metric) {
  return reason.slice(`guardrail ${metric}: `.length);
}

// src/domain/guardrails/with-guardrails.ts
function withGuardrails(jobs, guardrails) {
  let worst = jobs;
  let unknown = null;
  for (const one of guardrails) {
    if (!holdsTheRamp(one.guardrail)) continue;
    const judgement = asItActs(one);
    if (compareBadness(judgement, worst) > 0) worst = judgement;
    if (judgement.verdict === "no_data" || judgement.verdict === "insufficient") unknown ??= judgement;
  }
  return worst.verdict === "healthy" && unknown !== null ? { ...unknown, verdict: "insufficient" } : worst;
}
function asItActs({ guardrail, judgement }) {
  if (judgement.verdict !== "harmful" || effectOf(guardrail) === "rollback") return judgement;
  return { ...judgement, verdict: "suspect" };
}
function warns({ guardrail, judgement }) {
  return effectOf(guardrail) === "warn" && compareBadness(judgement, { verdict: "warning", severity: "none" }) > 0;
}

// src/domain/verdict/not-whole.ts
var LEAST_WRONG = 3;
var LEAST_SHARE = 0.01;
function misrouting(arms) {
  return arms.wrong >= LEAST_WRONG && arms.wrong > LEAST_SHARE * arms.subjects ? arms : null;
}
var LEAST_MISSING = 3;
function silence(hosts, limit) {
  const { missing, finished } = hosts;
  return missing >= LEAST_MISSING && 100 * missing > limit * (missing + finished) ? hosts : null;
}

// src/domain/verdict/storm.ts
var NEVER_A_STORM = 3;
var SHARE_OF_LIVE = 0.2;
var STORM_SECONDS = 600;
function stormLimit(liveFeatures2) {
  return Math.max(NEVER_A_STORM, SHARE_OF_LIVE * liveFeatures2);
}
function isStorm(crossedAt, liveFeatures2, now) {
  const recent = crossedAt.filter((at) => at > now - STORM_SECONDS && at <= now).length;
  return recent + 1 > stormLimit(liveFeatures2);
}

// src/domain/health/health.ts
function judge(evidence, now, params = {}) {
  return judgeCounted(evidence, now, params, JOBS);
}
function judgeCounted(evidence, now, params, of) {
  const rule = ruleOf(params);
  const problem = typeof rule === "string" ? rule : evidence.problem;
  if (typeof rule === "string" || problem !== null)
    return { judgement: unjudged(problem ?? ""), over: [], needsAllWindows: false };
  const { decisions, ...more } = judgeEvidence(evidence, rule, now);
  const worst = worstOf(decisions);
  const { wrongArms, silentHosts } = evidence;
  if (worst.verdict !== "harmful") {
    const silent = silentHosts && silence(silentHosts, rule.maxErrorRate);
    if (wrongArms) return { judgement: inDoubt(worst, { code: "ratio", arms: wrongArms }, now), ...more };
    if (silent) return { judgement: inDoubt(worst, { code: "silent", hosts: silent }, now), ...more };
  }
  return { judgement: judgementOf(worst, now, of), ...more };
}
function judgeFeature(spec, { rows, score }, now, actingBeside = 0) {
  return spec.analysis === "threshold" ? {
    judgement: judgeByThreshold(rows, thresholdParams(spec, Math.floor(now / 60))),
    over: [],
    needsAllWindows: false
  } : judge(score, now, { ...healthParams(spec), actingBeside });
}
function stormed(judgement, liveFeatures2) {
  const reason = { code: "storm", judged: judgement.reason, limit: stormLimit(liveFeatures2) };
  return { ...judgement, verdict: "suspect", reasonCode: "storm", reason: reasonSentence(reason, 0) };
}
function worstOf(decisions) {
  const [first, ...others] = decisions;
  let worst = first;
  for (const one of others) {
    const difference = compareBadness(one, worst);
    const strongerTwin = difference === 0 && worst.category !== null && absoluteOf(one) > absoluteOf(worst);
    if (difference > 0 || strongerTwin) worst = one;
  }
  return worst;
}
function absoluteOf({ readings }) {
  return readings.absolute.score;
}
function judgementOf({ category, verdict, severity, reason, readings, totals }, now, of = JOBS) {
  const { absolute, relative, warning, critical } = readings;
  return {
    verdict,
    reasonCode: reason.code,
    reason: scopeText(category) + reasonSentence(reason, Math.floor(now / 60), of),
    severity,
    scope: category ?? ALL,
    jobs: totals.finished,
    errors: totals.failed,
    scores: {
      absolute: absolute.score,
      relative: relative.score,
      warning: warning.score,
      critical: critical.score
    },
    window: verdict === "no_data" ? { ...EMPTY_WINDOW, controlJobs: totals.controlJobs, controlErrors: totals.controlFailed } : windowOf(absolute.run),
    ...reason.code === "few_subjects" && of === JOBS ? namedOf(reason.worst) : {}
  };
}
function namedOf(worst) {
  const named2 = worst.filter(({ subject }) => !isGroup(subject));
  return named2.length > 0 ? { worst: named2 } : {};
}
function inDoubt(worst, reason, now) {
  return judgementOf({ ...worst, verdict: "error", severity: "error", reason }, now);
}

// src/app/health/quarantine-worst.ts
async function quarantineWorst({ store, words }, { feature, epoch, reason, worst }, { actor, dryRun }) {
  const exposed = await store.reading((read) => read.features.eligible(feature));
  const counts = exposed.get(feature) ?? [];
  const most = quarantineLimit(counts.reduce((sum, { eligible }) => sum + eligible, 0));
  if (dryRun) {
    const subjects = worst.map(({ subject }) => subject);
    return { action: "would_quarantine", note: { code: "quarantined", feature, subjects } };
  }
  const taken = await store.incidents.quarantine({
    ...{ feature, epoch, subjects: worst, most, reason, actor },
    notify: (some) => {
      const notice = { kind: "quarantined", feature, subjects: some.map(calledBy), reason };
      return {
        // Includes the time: a subject that was released and enters again is notified again.
        key: `quarantined:${feature}:${epoch}:${some[0]?.subject}:${some[0]?.began_at.toISOString()}`,
        ...{ feature, severity: "warning", kind: "quarantined", message: words.notice(notice) },
        details: { subjects: some.map(({ subject }) => subject), reason }
      };
    }
  });
  const inside = taken.length > 0 ? taken : await takenByTheFuse(store, feature, worst);
  if (inside.length === 0) return { action: "none", note: { code: "quarantine_full", most } };
  return { action: "quarantined", note: { code: "quarantined", feature, subjects: inside.map(calledBy) } };
}
async function takenByTheFuse(store, feature, worst) {
  const inside = await store.reading((read) => read.incidents.quarantined(feature));
  const ids = new Set(worst.map(({ subject }) => subject));
  const found = inside.filter(({ subject }) => ids.has(subject));
  return found.length === ids.size ? found : [];
}

// src/app/health/act-on-judgement.ts
async function actOn({ store, words }, feature, epoch, spec, { judgement, advance }, input) {
  const worst = judgement.verdict === "suspect" ? judgement.worst : void 0;
  if (worst !== void 0 && spec.rollback.few_subjects === "quarantine" && spec.rollback.enabled) {
    return quarantineWorst({ store, words }, { feature, epoch, reason: judgement.reason, worst }, input);
  }
  if (judgement.verdict !== "harmful") {
    const advances = advance.wait === null && spec.advance !== "manual";
    return { action: advances ? "would_advance" : "none", note: null };
  }
  if (!spec.rollback.enabled) return { action: "would_roll_back", note: { code: "rollback_disabled" } };
  if (input.dryRun) return { action: "would_roll_back", note: null };
  const { reason, severity, scope, jobs, errors, scores, window } = judgement;
  const taken = await store.incidents.rollBack({
    feature,
    actor: input.actor,
    reason,
    severity: severity === "critical" ? "critical" : "warning",
    to: null,
    evidence: { scope, jobs, errors, scores, window },
    epoch
  });
  if (!taken.done) return { action: "none", note: { code: "nothing_taken", nothing: taken.because } };
  if (taken.eligibleAfter > 0) {
    const notice = { kind: "still_exposed", feature, eligible: taken.eligibleAfter };
    await alarm(store, taken.incident, notice, words.notice(notice));
  }
  return { action: "rolled_back", note: { code: "incident", incident: taken.incident } };
}
async function alarm(store, incident, notice, message) {
  const { kind, feature, eligible } = notice;
  await store.outbox.enqueue({
    key: `incident:${incident}:still_exposed`,
    feature,
    severity: "critical",
    kind,
    message,
    details: { incident, eligible }
  });
}

// src/app/health/health-inputs.ts
async function readGathered(read, asked) {
  const state = await read.state();
  const rows = await read.health.evidenceOf(asked.filter(({ analysis }) => analysis === "threshold"));
  const resumed = await read.health.resumedWindows(asked);
  const lone = await read.health.loneSubjects(asked);
  const arms = await read.health.wrongArms(asked);
  const silent = await read.health.silentHosts(asked);
  const speed = await read.health.speedOf(asked);
  const steps = await read.health.stepJobsOf(asked);
  const soaks = await read.health.soaks(asked);
  const soaking = asked.map((each) => ({
    ...each,
    step_started_at: soaks.get(each.feature)?.since ?? each.step_started_at
  }));
  const spreads = await read.health.spreads(soaking);
  const hearings = await read.health.hearings(asked);
  const spending = await readNextSpending(
    read,
    asked.flatMap(({ spec, ...standing }) => spec ? [{ standing, spec }] : [])
  );
  const checks = await read.health.latestChecks(asked);
  const observed = await read.guardrails.observed(
    asked.flatMap(({ metrics, ...epoch }) => metrics.map((metric) => ({ ...epoch, ...metric })))
  );
  const guarded2 = asked.filter(({ metrics }) => metrics.length > 0).map(({ feature }) => feature);
  const reads = await read.guardrails.metricReads(guarded2);
  const backTests = await read.guardrails.backTests(guarded2);
  return new Map(
    asked.map(({ feature, step_started_at }) => [
      feature,
      {
        state,
        rows: rows.get(feature) ?? (() => []),
        resumed: resumed.get(feature) ?? null,
        score: () => ({
          ...scoreOf(resumed.get(feature)),
          lone: lone.get(feature) ?? [],
          wrongArms: misroutingOf(arms.get(feature)),
          silentHosts: silent.get(feature) ?? null
        }),
        speed: speed.get(feature) ?? [],
        step: steps.get(feature) ?? { jobs: 0, errors: 0 },
        soak: soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 },
        spread: spreads.get(feature) ?? NOTHING_HEARD,
        hearing: hearings.get(feature) ?? NOTHING_EXPECTED,
        spending: spending.get(feature) ?? null,
        before: checks.get(feature) ?? null,
        observed: () => madeOf(observed.get(feature)),
        reads: reads.get(feature) ?? /* @__PURE__ */ new Map(),
        backTests: backTests.get(feature) ?? /* @__PURE__ */ new Map()
      }
    ])
  );
}
function scoreOf(resumed) {
  return resumed ? evidenceOf(resumed.windows()) : noEvidence();
}
function madeOf(observed = /* @__PURE__ */ new Map()) {
  return new Map([...observed].map(([metric, make]) => [metric, make()]));
}
function misroutingOf(arms) {
  return arms ? misrouting(arms) : null;
}
async function gatherAll(store, asked) {
  if (asked.length === 0) return /* @__PURE__ */ new Map();
  try {
    return await store.reading((read) => readGathered(read, asked));
  } catch {
    return /* @__PURE__ */ new Map();
  }
}
async function gatherOne(store, asked) {
  const { feature } = asked;
  const before = (await store.reading((read) => read.health.latestChecks([asked]))).get(feature) ?? null;
  try {
    const found = (await store.reading((read) => readGathered(read, [asked]))).get(feature);
    return found ?? { problem: "nothing was read", before };
  } catch (error) {
    return { problem: errorText(error), before };
  }
}

// src/domain/guardrails/allowance.ts
var DAYS_NEEDED = 7;
var DAY_MS = 864e5;
function notYetAllowed(guardrail, kept, digest) {
  const { limit, correlation: written } = guardrail;
  if (!isBlind(guardrail)) return null;
  if (written === void 0) return { code: "no_correlation" };
  if (!kept) return { code: "not_tested" };
  if (kept.queriesDigest !== digest) return { code: "queries_changed" };
  if (limit < kept.limit) return { code: "limit_lowered", tested: kept.limit, limit };
  const whole = kept.until.getTime() - kept.from.getTime() >= DAYS_NEEDED * DAY_MS;
  if (kept.days < DAYS_NEEDED || !whole)
    return { code: "too_few_days", days: kept.days, needed: DAYS_NEEDED };
  if (kept.bad * 100 >= limit * Math.max(1, kept.events)) {
    return { code: "limit_not_above", limit, share: kept.bad / Math.max(1, kept.events) * 100 };
  }
  const last = kept.alarms.at(-1);
  if (last) return { code: "false_alarms", count: kept.alarms.length, last: last.toISOString() };
  if (kept.measured === null && written < 1) return { code: "not_measured", written };
  const least = Math.max(kept.correlation, kept.measured ?? 1);
  return written < least ? { code: "correlation_below", written, least } : null;
}
function isTestOf(kept, guardrail, digest) {
  return kept.queriesDigest === digest && kept.limit === guardrail.limit && kept.correlation === guardrail.correlation;
}
function asAllowed(guardrail, notYet) {
  return notYet !== null && guardrail.on_harm === "rollback" ? { ...guardrail, on_harm: "freeze" } : guardrail;
}

// src/domain/guardrails/judge-guardrail.ts
function scoresBeside(spec, jobs, observed) {
  let beside = 0;
  for (const [metric, events] of observed) {
    const guardrail = spec.guardrails?.[metric];
    if (!guardrail || effectOf(guardrail) !== "rollback" || events.finished === 0) continue;
    beside += 1 + judgedCategories(treatedCategories(events));
  }
  return { beside, others: judgedCategories(treatedCategories(jobs)) + beside };
}
function judgeGuardrail(spec, { metric, guardrail }, events, others, now) {
  const judged2 = judgeCounted(events, now, guardrailParams(spec, guardrail, others), EVENTS);
  return { ...judged2, judgement: named(judged2.judgement, metric) };
}
function controlOf({ scopes }) {
  const { checkpoint = null, slices = [] } = scopes.get(ALL_CATEGORIES) ?? {};
  const control = {
    events: checkpoint?.ledger.totals.controlJobs ?? 0,
    bad: checkpoint?.ledger.totals.controlFailed ?? 0
  };
  for (const { controlJobs, controlFailed } of slices) {
    control.events += controlJobs;
    control.bad += controlFailed;
  }
  return control;
}
function newestEvent({ scopes }) {
  return scopes.get(ALL_CATEGORIES)?.slices.findLast(({ spans }) => spans > 0)?.startedAt ?? null;
}
function named(judgement, metric) {
  const category = judgement.scope === "all" ? "" : `/${judgement.scope}`;
  return {
    ...judgement,
    scope: `${guardrailScope(metric)}${category}`,
    reason: `guardrail ${metric}: ${judgement.reason}`
  };
}
function guardrailParams(spec, guardrail, others) {
  const params = healthParams(spec);
  const { evidence } = trustedRule(params);
  const acts = effectOf(guardrail) === "rollback";
  return {
    ...params,
    maxErrorRate: guardrail.limit,
    warningErrorRate: guardrail.limit,
    criticalErrorRate: Math.min(100, 2 * guardrail.limit),
    toleratedOdds: guardrail.than_control,
    ...acts ? { evidence: evidenceBeside(evidence, Math.max(1, others)), shared: true } : {}
  };
}
function treatedCategories({ scopes }) {
  return [...scopes].filter(
    ([category, { checkpoint, slices }]) => category !== ALL_CATEGORIES && ((checkpoint?.ledger.totals.spans ?? 0) > 0 || slices.some(({ spans }) => spans > 0))
  ).length;
}

// src/app/health/judge-standing.ts
function judgeStanding(store, standing, spec, evidence, now, actingBeside = 0) {
  return judgeWithWorst(
    standing,
    evidence.score,
    (score) => judgeFeature(spec, { ...evidence, score }, now, actingBeside),
    {
      worst: (run) => store.reading((read) => read.health.worstSubjects(run)),
      whole: () => store.reading((read) => readWhole(read, standing))
    }
  );
}
async function readWhole(read, standing) {
  const slices = await read.health.slicesOf([standing]);
  return (slices.get(standing.feature) ?? noEvidence)();
}
async function judgeWithWorst({ feature, epoch, epoch_started_at }, resumed, judge2, further) {
  const { lone, wrongArms, silentHosts } = resumed;
  const worst = /* @__PURE__ */ new Map();
  let evidence = resumed;
  for (; ; ) {
    const judged2 = judge2({ ...evidence, worst });
    if (judged2.needsAllWindows) {
      evidence = { ...await further.whole(), lone, wrongArms, silentHosts };
      continue;
    }
    const unknown = judged2.over.filter(({ category }) => !worst.has(category));
    if (unknown.length === 0) return judged2.judgement;
    for (const run of unknown) {
      worst.set(run.category, await further.worst({ feature, epoch, epoch_started_at, ...run }));
    }
  }
}

// src/app/health/queries-digest.ts
import { createHash } from "node:crypto";
function queriesDigest({ query }) {
  if (!query) return null;
  return createHash("sha256").update(`${query.bad}
${query.all}`).digest("hex");
}

// src/app/health/judge-guardrails.ts
function allowed(spec, backTests) {
  const notYet = /* @__PURE__ */ new Map();
  const guardrails = guardrailsOf(spec).map(([metric, guardrail]) => {
    if (guardrail.on_harm !== "rollback") return [metric, guardrail];
    const why = notYetAllowed(guardrail, backTests.get(metric), queriesDigest(guardrail));
    if (why !== null) notYet.set(metric, why);
    return [metric, asAllowed(guardrail, why)];
  });
  if (notYet.size === 0) return { spec, notYet };
  return { spec: { ...spec, guardrails: Object.fromEntries(guardrails) }, notYet };
}
async function judgeAll(store, standing, written, facts) {
  const { spec, notYet } = allowed(written, facts.backTests);
  const now = facts.state.now.getTime() / 1e3;
  const evidence = { rows: facts.rows(), score: facts.score() };
  const observed = facts.observed();
  const { beside, others } = scoresBeside(spec, evidence.score, observed);
  const jobs = await judgeStanding(store, standing, spec, evidence, now, beside);
  const guardrails = [];
  for (const [metric, guardrail] of guardrailsOf(spec)) {
    const events = observed.get(metric) ?? noEvidence(now);
    const judged2 = await judgeWithWorst(
      standing,
      events,
      (seen2) => judgeGuardrail(spec, { metric, guardrail }, seen2, others, now),
      {
        worst: (run) => store.reading((read2) => read2.guardrails.worstObserved({ ...run, metric })),
        // Evidence of guardrails has no checkpoints.
        whole: async () => events
      }
    );
    const read = facts.reads.get(metric);
    const asked = guardrail.source === "prometheus";
    const since = asked ? unreadSince(read, standing.epoch_started_at, facts.state.now) : null;
    const { now: moment } = facts.state;
    const seen = asked ? silenced(judged2, metric, newestEvent(events), moment) : judged2;
    const judgement = since === null ? seen : unread(seen, metric, { since, read, now: moment });
    guardrails.push({
      metric,
      guardrail,
      judgement,
      control: controlOf(events),
      unreadSince: since,
      asksAgainAt: since === null ? null : asksAgainAt(read, moment),
      notYet: notYet.get(metric) ?? null
    });
  }
  return { jobs, guardrails };
}

// src/domain/eligibility/overrides.ts
var HYBRID_FEATURE = "hybrid_progressive_capture";
var VARIABLES = [
  { rollout: "ROLLOUT_EMERGENCY_STOP", hybrid: "HYBRID_EMERGENCY_STOP", read: readStop },
  { rollout: "ROLLOUT_PERCENTAGE", hybrid: "HYBRID_ROLLOUT_PERCENTAGE", read: readPercentage },
  { rollout: "ROLLOUT_STRATEGY", hybrid: "HYBRID_ROLLOUT_STRATEGY", read: readStrategy },
  { rollout: "ROLLOUT_AUTO_ROLLBACK", hybrid: "HYBRID_AUTO_ROLLBACK", read: readAutoRollback },
  { rollout: "ROLLOUT_MAX_ERROR_RATE", hybrid: "HYBRID_MAX_ERROR_RATE", read: readMaxErrorRate }
];
function readOverrides(environment, feature, spec) {
  const production = environment.NODE_ENV === "production";
  const reading = { overrides: {}, notes: [] };
  for (const { rollout, hybrid, read } of VARIABLES) {
    for (const variable of feature === HYBRID_FEATURE ? [rollout, hybrid] : [rollout]) {
      const value = environment[variable]?.trim();
      if (value === void 0 || value === "") continue;
      const result = read(value, spec, production);
      if (result === null) continue;
      const applied = "set" in result;
      if (applied) Object.assign(reading.overrides, result.set);
      reading.notes.push({ variable, value, applied, because: applied ? result.because : result.refuse });
    }
  }
  return reading;
}
function readStop(value) {
  if (["false", "0", "no", "off"].includes(value.toLowerCase())) return null;
  return { set: { env_stop: true }, because: "stops the feature in this process" };
}
function readPercentage(value, spec, production) {
  const percentage = plainNumber(value, 10);
  if (percentage === null || percentage > 100) {
    return { refuse: `a percentage is a number from 0 to 100${plainHint(value)}` };
  }
  if (production && percentage > spec.percentage) {
    return { refuse: `in production it may only lower, and the spec says ${spec.percentage}%` };
  }
  return { set: { percentage }, because: `the spec says ${spec.percentage}%` };
}
function readStrategy(value, _spec, production) {
  if (production) return { refuse: "in production no other strategy is known to be safer" };
  if (!isStrategy(value)) return { refuse: `a strategy is one of ${STRATEGIES.join(", ")}` };
  return { set: { strategy: value }, because: "for development" };
}
function readAutoRollback(value, spec, production) {
  const enabled = readFlag(value);
  if (enabled === null) return { refuse: "auto-rollback is true or false" };
  if (production && !enabled && spec.rollback.enabled) {
    return { refuse: "in production it may only be switched on" };
  }
  return { set: { auto_rollback: enabled }, because: `the spec says ${spec.rollback.enabled}` };
}
function readMaxErrorRate(value, spec, production) {
  const limit = plainNumber(value, 10);
  if (limit === null || limit <= 0 || limit > 100) {
    return { refuse: `an error rate is a number above 0, up to 100${plainHint(value)}` };
  }
  if (production && limit > spec.thresholds.max_error_rate) {
    return {
      refuse: `in production it may only lower, and the spec says ${spec.thresholds.max_error_rate}%`
    };
  }
  return { set: { max_error_rate: limit }, because: `the spec says ${spec.thresholds.max_error_rate}%` };
}
function readFlag(value) {
  const text = value.toLowerCase();
  if (["true", "1", "yes", "on"].includes(text)) return true;
  return ["false", "0", "no", "off"].includes(text) ? false : null;
}
function isStrategy(value) {
  return STRATEGIES.includes(value);
}

// src/app/health/judging-overrides.ts
var OF_JUDGING = /_(AUTO_ROLLBACK|MAX_ERROR_RATE)$/;
function underOverrides(environment, feature, spec) {
  const { overrides, notes } = readOverrides(environment, feature, spec);
  const { auto_rollback, max_error_rate } = overrides;
  return {
    spec: {
      ...spec,
      rollback: { ...spec.rollback, enabled: auto_rollback ?? spec.rollback.enabled },
      thresholds: { ...spec.thresholds, max_error_rate: max_error_rate ?? spec.thresholds.max_error_rate }
    },
    notes: notes.filter(({ variable }) => OF_JUDGING.test(variable))
  };
}
function overrideText({ variable, value, applied, because }) {
  return `${variable}=${value} is ${applied ? "in force" : "refused"}: ${because}`;
}

// src/domain/change/notice.ts
function judgementDetails({ verdict, reasonCode, reason, scope, scores }) {
  return { verdict, reason_code: reasonCode, reason, scope, scores };
}

// src/app/health/verdict-notifications.ts
var TOLD = /* @__PURE__ */ new Set(["warning", "suspect", "harmful", "error"]);
function notificationsFor(transition, words) {
  return [...ofVerdict(transition, words), ...ofGuardrails(transition, words)];
}
function ofGuardrails(transition, words) {
  const { feature, epoch, age, grace, action } = transition;
  if (action === "rolled_back") return [];
  return transition.guardrails.flatMap((one) => {
    const { metric, judgement } = one;
    const kind = kindOf(one, age >= grace);
    if (kind === null) return [];
    const notice = { kind, feature, metric, reason: judgement.reason };
    return [
      {
        key: `${kind}:${feature}:${epoch}:${metric}${one.unreadSince === null ? "" : `:${one.unreadSince}`}`,
        feature,
        severity: "warning",
        kind,
        message: words.notice(notice),
        details: {
          ...{ metric, ...judgementDetails(judgement) },
          ...one.asksAgainAt ? { asks_again_at: one.asksAgainAt.toISOString() } : {}
        }
      }
    ];
  });
}
function kindOf({ guardrail, judgement, ...one }, isOld) {
  if (holdsTheRamp(guardrail) && one.unreadSince !== null) return "guardrail_unread";
  if (holdsTheRamp(guardrail) && judgement.verdict === "no_data" && isOld) return "guardrail_silent";
  return warns({ guardrail, judgement, ...one }) ? "guardrail_harm" : null;
}
function ofVerdict(transition, words) {
  const { feature, judgement, before, action } = transition;
  const { verdict, reason } = judgement;
  const notify = (notice, severity) => [
    notification(transition, notice, severity, words.notice(notice))
  ];
  if (action === "rolled_back" || action === "quarantined") return [];
  const critical = judgement.severity === "critical";
  switch (verdict) {
    case "no_data":
      return silence2(transition, words);
    case "harmful":
      return notify({ kind: verdict, feature, reason, kept: action === "would_roll_back" }, "critical");
    case "suspect":
      if (judgement.reasonCode === "storm") return storm(transition, words);
      return notify({ kind: verdict, feature, reason }, critical ? "critical" : "warning");
    case "warning":
    case "error":
      return notify({ kind: verdict, feature, reason }, critical ? "critical" : "warning");
    default: {
      if (verdict !== "healthy" || before === null || !TOLD.has(before.verdict)) return [];
      return notify({ kind: "recovered", feature, reason }, "info").map((told) => ({
        ...told,
        details: { ...told.details, began_as: severityOf(before) }
      }));
    }
  }
}
function severityOf({ verdict, severity }) {
  return verdict === "harmful" || severity === "critical" ? "critical" : "warning";
}
function storm(transition, words) {
  const { feature, epoch, judgement } = transition;
  const notice = { kind: "suspect", feature, reason: judgement.reason };
  const told = notification(transition, notice, "critical", words.notice(notice));
  return [{ ...told, key: `storm:${feature}:${epoch}` }];
}
function silence2(transition, words) {
  const { feature, epoch, age, grace, judgement } = transition;
  const stopped = judgement.reasonCode === "outcomes_stopped";
  if (age < grace && !stopped) return [];
  const notice = { kind: "no_data", feature, reason: judgement.reason };
  return [
    {
      ...notification(transition, notice, "warning", words.notice(notice)),
      key: `no_data:${feature}:${epoch}${stopped ? `:${judgement.jobs}` : ""}`
    }
  ];
}
function notification(transition, { kind, feature }, severity, message) {
  const { epoch, judgement } = transition;
  return {
    // The key stays the same while the verdict lasts, so it is notified once.
    key: `${kind}:${feature}:${epoch}:${turnedFrom(transition)}${severity === "critical" ? ":critical" : ""}`,
    feature,
    severity,
    kind,
    message,
    details: judgementDetails(judgement)
  };
}
function turnedFrom({ before, judgement }) {
  if (before === null) return "first";
  return before.verdict === judgement.verdict ? before.turned_from ?? "first" : before.id;
}

// src/app/health/check-health.ts
async function checkFeature({ store, words }, live, input, gathered) {
  const { feature, epoch } = live.standing;
  const { spec, notes } = underOverrides(input.environment, feature, live.spec);
  const pilot = live.standing.subject === "customer" && !input.dryRun;
  if (pilot) await store.outcomes.countCustomers(feature);
  const found = guarded(
    feature,
    await findOut(store, { ...live, spec }, pilot ? void 0 : gathered),
    input
  );
  const { judgement, advance } = found;
  const result = {
    feature,
    epoch,
    judgement,
    guardrails: found.guardrails.map(resultOf),
    advance,
    ...await actOn({ store, words }, feature, epoch, spec, found, input),
    overrides: notes.map(overrideText)
  };
  if (input.dryRun) return result;
  for (const note of notes) await store.features.recordOverride(input.actor, feature, note, "tick");
  await store.health.recordVerdict(input.actor, {
    feature,
    epoch,
    judgement,
    action: result.action,
    paused: spec.paused,
    slow: found.slow,
    guardrails: result.guardrails,
    notifications: notificationsFor(
      {
        ...result,
        guardrails: found.guardrails,
        before: found.before,
        age: found.age,
        grace: spec.thresholds.window
      },
      words
    )
  });
  return result;
}
function guarded(feature, found, { crossings }) {
  if (!crossings || found.judgement.verdict !== "harmful") return found;
  const { at, live, now } = crossings;
  const others = [...at].flatMap(([other, when]) => other === feature ? [] : [when]);
  if (!isStorm(others, live, now)) {
    at.set(feature, now);
    return found;
  }
  const judgement = stormed(found.judgement, live);
  return { ...found, judgement };
}
function uncheckedFeature({ standing }, error) {
  const { feature, epoch } = standing;
  return { feature, epoch, ...notJudged(errorText(error)), action: "none", note: null, overrides: [] };
}
function notJudged(problem) {
  const judgement = unjudged(problem);
  const { verdict, reason } = judgement;
  const wait = { code: "verdict", verdict, reason };
  const advance = { next: null, soakLeft: 0, wait, step: { jobs: 0, errors: 0 } };
  return { judgement, advance, guardrails: [] };
}
async function findOut(store, live, gathered) {
  const facts = gathered ?? await gatherOne(store, askedOf(live));
  const problem = live.reconciled === null ? NO_SPEC : "problem" in facts ? facts.problem : null;
  if (problem !== null) return { ...notJudged(problem), before: facts.before, slow: false, age: 0 };
  return judged(store, live, facts);
}
var NO_SPEC = "its state in the database was never reconciled, or was changed by hand since";
async function judged(store, { standing, spec }, facts) {
  const { state, speed, before } = facts;
  const { now } = state;
  const limit = spec.thresholds.max_slowdown;
  const slow = slowest(speed, limit);
  const { jobs: byEvidence, guardrails } = await judgeAll(store, standing, spec, facts);
  const bySpeed = withSlowdown(byEvidence, slow, before?.slow ?? false, limit);
  const heard = withStoppedOutcomes(bySpeed, facts.hearing, spec.thresholds.minimum_jobs);
  const judgement = withGuardrails(heard, guardrails);
  const gate = gateFrom(standing, spec, judgement, facts);
  const age = secondsBetween(standing.epoch_started_at, now);
  return { judgement, guardrails, advance: judgeAdvance(gate), before, slow: slow !== null, age };
}

export {
  withGuardrails,
  notYetAllowed,
  isTestOf,
  queriesDigest,
  STORM_SECONDS,
  judgeFeature,
  guardrailParams,
  gatherAll,
  gatherOne,
  judgeAll,
  underOverrides,
  askedOf,
  liveFeatures,
  checkFeature,
  uncheckedFeature
};
