import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gateFrom,
  judgeAdvance,
  slowest,
  withSlowdown
} from "./chunk-YNPKVQSM.js";
import {
  freezeAt
} from "./chunk-KGTZJLT5.js";
import {
  fillSpec
} from "./chunk-JPMNDO3S.js";
import {
  ALL,
  EMPTY_WINDOW,
  compareBadness,
  healthParams,
  judgeByThreshold,
  judgeEvidence,
  reasonSentence,
  ruleOf,
  thresholdParams,
  unjudged,
  windowOf
} from "./chunk-2GTAJ5TH.js";
import {
  plainHint,
  plainNumber
} from "./chunk-TORRJGHT.js";
import {
  NOTHING_EXPECTED,
  withStoppedOutcomes
} from "./chunk-2EWTX3ZV.js";
import {
  NOTHING_HEARD
} from "./chunk-U5RFSSKE.js";
import {
  STRATEGIES,
  admitsNobody
} from "./chunk-O673KTJQ.js";
import {
  noEvidence
} from "./chunk-DFTZCUKI.js";
import {
  scopeText
} from "./chunk-A5IW2GV2.js";
import {
  secondsBetween
} from "./chunk-264FZAQV.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/health/health-inputs.ts
async function readGathered(read, asked) {
  const state = await read.state();
  const rows = await read.health.evidenceOf(asked);
  const slices = await read.health.slicesOf(asked);
  const speed = await read.health.speedOf(asked);
  const steps = await read.health.stepJobsOf(asked);
  const soaks = await read.health.soaks(asked);
  const soaking = asked.map((each) => ({
    ...each,
    step_started_at: soaks.get(each.feature)?.since ?? each.step_started_at
  }));
  const spreads = await read.health.spreads(soaking);
  const hearings = await read.health.hearings(asked);
  const checks = await read.health.latestChecks(asked);
  return new Map(
    asked.map(({ feature, step_started_at }) => [
      feature,
      {
        state,
        rows: rows.get(feature) ?? (() => []),
        score: slices.get(feature) ?? noEvidence,
        speed: speed.get(feature) ?? [],
        step: steps.get(feature) ?? { jobs: 0, errors: 0 },
        soak: soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 },
        spread: spreads.get(feature) ?? NOTHING_HEARD,
        hearing: hearings.get(feature) ?? NOTHING_EXPECTED,
        before: checks.get(feature) ?? null
      }
    ])
  );
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
  const rule = ruleOf(params);
  const problem = typeof rule === "string" ? rule : evidence.problem;
  if (typeof rule === "string" || problem !== null) return { judgement: unjudged(problem ?? ""), over: [] };
  const { decisions, over } = judgeEvidence(evidence, rule, now);
  const worst = worstOf(decisions);
  const { wrongArms } = evidence;
  if (wrongArms && worst.verdict !== "harmful") return { judgement: misrouted(worst, wrongArms, now), over };
  return { judgement: judgementOf(worst, now), over };
}
function judgeFeature(spec, { rows, score }, now) {
  return spec.analysis === "threshold" ? { judgement: judgeByThreshold(rows, thresholdParams(spec, Math.floor(now / 60))), over: [] } : judge(score, now, healthParams(spec));
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
function judgementOf({ category, verdict, severity, reason, readings, totals }, now) {
  const { absolute, relative, warning, critical } = readings;
  return {
    verdict,
    reasonCode: reason.code,
    reason: scopeText(category) + reasonSentence(reason, Math.floor(now / 60)),
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
    window: verdict === "no_data" ? { ...EMPTY_WINDOW, controlJobs: totals.controlJobs, controlErrors: totals.controlFailed } : windowOf(absolute.run)
  };
}
function misrouted(worst, arms, now) {
  const reason = { code: "ratio", arms };
  return judgementOf({ ...worst, verdict: "error", severity: "error", reason }, now);
}

// src/app/health/judge-standing.ts
async function judgeStanding(store, { feature, epoch, epoch_started_at }, spec, evidence, now) {
  const worst = /* @__PURE__ */ new Map();
  for (; ; ) {
    const judged2 = judgeFeature(spec, { ...evidence, score: { ...evidence.score, worst } }, now);
    const unknown = judged2.over.filter(({ category }) => !worst.has(category));
    if (unknown.length === 0) return judged2.judgement;
    for (const run of unknown) {
      const asked = { feature, epoch, epoch_started_at, ...run };
      worst.set(run.category, await store.reading((read) => read.health.worstSubjects(asked)));
    }
  }
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
  const { feature, judgement, before, action } = transition;
  const { verdict, reason } = judgement;
  const notify = (notice, severity) => [
    notification(transition, notice, severity, words.notice(notice))
  ];
  if (action === "rolled_back") return [];
  const critical = judgement.severity === "critical";
  switch (verdict) {
    case "no_data":
      return silence(transition, words);
    case "harmful":
      return notify({ kind: verdict, feature, reason, kept: action === "would_roll_back" }, "critical");
    case "warning":
    case "suspect":
    case "error":
      return notify({ kind: verdict, feature, reason }, critical ? "critical" : "warning");
    default: {
      const recovered = verdict === "healthy" && before !== null && TOLD.has(before.verdict);
      return recovered ? notify({ kind: "recovered", feature, reason }, "info") : [];
    }
  }
}
function silence(transition, words) {
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
    // While the verdict lasts the key is the same, so that it is told once.
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
async function liveFeatures(read, feature) {
  const rows = await read.features.actual(feature);
  const standings = (await read.features.standings(feature)).filter(({ archived }) => !archived);
  const { global_stop } = await read.state();
  if (feature !== void 0 && standings.length === 0) {
    throw new RolloutError(
      "unknown_feature",
      `there is no feature ${JSON.stringify(feature.slice(0, 100))}`,
      {
        hint: "see them with: rollout status"
      }
    );
  }
  if (global_stop) return [];
  return standings.flatMap((standing) => {
    const row = rows.get(standing.feature);
    if (!row || admitsNobody(row.columns)) return [];
    const spec = row.spec ?? fillSpec(standing.feature, {}, {});
    return [{ standing, spec: { ...spec, ...row.columns }, reconciled: row.spec }];
  });
}
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
    advance,
    ...await act({ store, words }, feature, epoch, spec, found, input),
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
    notifications: notificationsFor(
      {
        ...result,
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
  return { judgement, advance };
}
async function findOut(store, live, gathered) {
  const facts = gathered ?? await gatherOne(store, live.standing);
  const problem = live.reconciled === null ? NO_SPEC : "problem" in facts ? facts.problem : null;
  if (problem !== null) return { ...notJudged(problem), before: facts.before, slow: false, age: 0 };
  return judged(store, live, facts);
}
var NO_SPEC = "what the database says of it was never reconciled, or was changed by hand since";
async function judged(store, { standing, spec }, facts) {
  const { state, speed, before } = facts;
  const { now, freezes } = state;
  const limit = spec.thresholds.max_slowdown;
  const slow = slowest(speed, limit);
  const evidence = { rows: facts.rows(), score: facts.score() };
  const byEvidence = await judgeStanding(store, standing, spec, evidence, now.getTime() / 1e3);
  const bySpeed = withSlowdown(byEvidence, slow, before?.slow ?? false, limit);
  const judgement = withStoppedOutcomes(bySpeed, facts.hearing, spec.thresholds.minimum_jobs);
  const gate = gateFrom(standing, spec, judgement, { ...facts, freeze: freezeAt(freezes, now), now });
  const age = secondsBetween(standing.epoch_started_at, now);
  return { judgement, advance: judgeAdvance(gate), before, slow: slow !== null, age };
}
async function act({ store, words }, feature, epoch, spec, { judgement, advance }, input) {
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

export {
  STORM_SECONDS,
  judgeFeature,
  gatherAll,
  gatherOne,
  judgeStanding,
  liveFeatures,
  checkFeature,
  uncheckedFeature
};
