import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gateFrom,
  judgeAdvance,
  slowest,
  withSlowdown
} from "./chunk-RRXJ6VYX.js";
import {
  freezeAt
} from "./chunk-35P45YSF.js";
import {
  fillSpec
} from "./chunk-3SL6W3HZ.js";
import {
  ALL,
  compareBadness,
  decide,
  explain,
  gather,
  healthParams,
  impossible,
  judgeByThreshold,
  newWatch,
  observe,
  partOf,
  ruleOf,
  thresholdParams,
  treatedCategories,
  unjudged
} from "./chunk-LD6AS6C3.js";
import {
  plainHint,
  plainNumber
} from "./chunk-PCRYKIAL.js";
import {
  NOTHING_HEARD
} from "./chunk-UEVRUX77.js";
import {
  STRATEGIES,
  admitsNobody
} from "./chunk-NGXP4PDZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/health.ts
function judgeByCategory(rows, params = {}) {
  const rule = ruleOf(params);
  if (typeof rule === "string") return unjudged(rule);
  const problem = impossible(rows);
  if (problem !== null) return unjudged(problem);
  const buckets = gather(rows);
  const categories = treatedCategories(buckets);
  const stricter = {
    ...rule,
    evidence: rule.evidence * categories.length,
    warningEvidence: rule.warningEvidence * categories.length
  };
  let worst = weigh(buckets, rule, null);
  for (const category of categories) {
    const alone = weigh(buckets, stricter, category);
    const difference = compareBadness(alone.decision, worst.decision);
    const strongerTwin = difference === 0 && worst.category !== null && absoluteOf(alone) > absoluteOf(worst);
    if (difference > 0 || strongerTwin) worst = alone;
  }
  return judgementOf(worst);
}
function judgeFeature(spec, rows, now) {
  return spec.analysis === "threshold" ? judgeByThreshold(rows, thresholdParams(spec, now)) : judgeByCategory(rows, healthParams(spec));
}
function weigh(buckets, rule, category) {
  const watch = newWatch(rule);
  for (const bucket of buckets) {
    const part = category === null ? bucket : partOf(bucket, category);
    if (part) observe(watch, part);
  }
  return { decision: decide(watch), watch, category };
}
function absoluteOf({ decision }) {
  return decision.readings.absolute.score;
}
function judgementOf({ decision, watch, category }) {
  const { absolute, relative, warning, critical } = decision.readings;
  const { totals } = watch;
  const nothing = decision.verdict === "no_data";
  return {
    verdict: decision.verdict,
    reasonCode: decision.reasonCode,
    reason: explain(decision, watch, category),
    severity: decision.severity,
    scope: category ?? ALL,
    jobs: totals.jobs,
    errors: totals.errors,
    scores: {
      absolute: absolute.score,
      relative: relative.score,
      warning: warning.score,
      critical: critical.score
    },
    window: nothing ? { since: null, ...totals } : absolute.window
  };
}

// src/app/gathered.ts
async function readGathered(read, asked) {
  const state = await read.state();
  const rows = await read.evidenceOf(asked);
  const speed = await read.speedOf(asked);
  const steps = await read.stepJobsOf(asked);
  const soaks = await read.soaks(asked);
  const soaking = asked.map((each) => ({
    ...each,
    step_started_at: soaks.get(each.feature)?.since ?? each.step_started_at
  }));
  const spreads = await read.spreads(soaking);
  const checks = await read.latestChecks(asked);
  return new Map(
    asked.map(({ feature, step_started_at }) => [
      feature,
      {
        state,
        rows: rows.get(feature) ?? (() => []),
        speed: speed.get(feature) ?? [],
        step: steps.get(feature) ?? { jobs: 0, errors: 0 },
        soak: soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 },
        spread: spreads.get(feature) ?? NOTHING_HEARD,
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
  const before = (await store.reading((read) => read.latestChecks([asked]))).get(feature) ?? null;
  try {
    const found = (await store.reading((read) => readGathered(read, [asked]))).get(feature);
    return found ?? { problem: "nothing was read", before };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), before };
  }
}

// src/domain/overrides.ts
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
    return { refuse: `in production it may only lower, and the spec says ${spec.percentage} %` };
  }
  return { set: { percentage }, because: `the spec says ${spec.percentage} %` };
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
      refuse: `in production it may only lower, and the spec says ${spec.thresholds.max_error_rate} %`
    };
  }
  return { set: { max_error_rate: limit }, because: `the spec says ${spec.thresholds.max_error_rate} %` };
}
function readFlag(value) {
  const text = value.toLowerCase();
  if (["true", "1", "yes", "on"].includes(text)) return true;
  return ["false", "0", "no", "off"].includes(text) ? false : null;
}
function isStrategy(value) {
  return STRATEGIES.includes(value);
}

// src/app/judging-overrides.ts
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

// src/app/verdict-notifications.ts
var TOLD = {
  warning: "warning",
  suspect: "warning",
  harmful: "critical",
  error: "warning"
};
function notificationsFor(transition) {
  const { judgement, before, action } = transition;
  if (action === "rolled_back") return [];
  if (judgement.verdict === "no_data") return silence(transition);
  const severity = TOLD[judgement.verdict];
  if (severity) {
    const raised = judgement.severity === "critical" ? "critical" : severity;
    return [notification(transition, judgement.verdict, raised, advice(transition))];
  }
  const recovered = judgement.verdict === "healthy" && before !== null && TOLD[before.verdict] !== void 0;
  return recovered ? [notification(transition, "recovered", "info", "is healthy again: ")] : [];
}
function silence(transition) {
  const { feature, epoch, age, grace } = transition;
  if (age < grace) return [];
  return [
    {
      ...notification(transition, "no_data", "warning", "is live, but "),
      key: `no_data:${feature}:${epoch}`
    }
  ];
}
function advice({ judgement, action }) {
  if (action === "would_roll_back")
    return "does harm and is not taken back, because rollback.enabled is false: ";
  if (judgement.verdict === "suspect") return "is suspect, its ramp is frozen: ";
  if (judgement.verdict === "harmful") return "does harm: ";
  return judgement.verdict === "error" ? "could not be judged: " : "is worth a look: ";
}
function notification(transition, kind, severity, lead) {
  const { feature, epoch, judgement } = transition;
  return {
    // While the verdict lasts the key is the same, so that it is told once.
    key: `${kind}:${feature}:${epoch}:${turnedFrom(transition)}${severity === "critical" ? ":critical" : ""}`,
    feature,
    severity,
    kind,
    message: `${feature} ${lead}${judgement.reason}`,
    details: { verdict: judgement.verdict, scope: judgement.scope, scores: judgement.scores }
  };
}
function turnedFrom({ before, judgement }) {
  if (before === null) return "first";
  return before.verdict === judgement.verdict ? before.turned_from ?? "first" : before.id;
}

// src/app/check-health.ts
async function liveFeatures(read, feature) {
  const rows = await read.features(feature);
  const standings = (await read.standings(feature)).filter(({ archived }) => !archived);
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
async function checkFeature(store, live, input, gathered) {
  const { feature, epoch } = live.standing;
  const { spec, notes } = underOverrides(input.environment, feature, live.spec);
  const pilot = live.standing.subject === "customer" && !input.dryRun;
  if (pilot) await store.countCustomers(feature);
  const found = await findOut(store, { ...live, spec }, pilot ? void 0 : gathered);
  const { judgement, advance } = found;
  const result = {
    feature,
    epoch,
    judgement,
    advance,
    ...await act(store, feature, epoch, spec, found, input),
    overrides: notes.map(overrideText)
  };
  if (input.dryRun) return result;
  for (const note of notes) await store.recordOverride(input.actor, feature, note, "tick");
  await store.recordVerdict(input.actor, {
    feature,
    epoch,
    judgement,
    action: result.action,
    paused: spec.paused,
    slow: found.slow,
    notifications: notificationsFor({
      ...result,
      before: found.before,
      age: found.age,
      grace: spec.thresholds.window
    })
  });
  return result;
}
function uncheckedFeature({ standing }, error) {
  const { feature, epoch } = standing;
  return { feature, epoch, ...notJudged(reasonOf(error)), action: "none", note: null, overrides: [] };
}
function notJudged(problem) {
  const judgement = unjudged(problem);
  const advance = { ready: false, next: null, soakLeft: 0, reason: `waits: ${judgement.reason}` };
  return { judgement, advance };
}
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
async function findOut(store, live, gathered) {
  const facts = gathered ?? await gatherOne(store, live.standing);
  const problem = live.reconciled === null ? NO_SPEC : "problem" in facts ? facts.problem : null;
  if (problem !== null) return { ...notJudged(problem), before: facts.before, slow: false, age: 0 };
  return judged(live, facts);
}
var NO_SPEC = "what the database says of it was never reconciled, or was changed by hand since";
function judged({ standing, spec }, facts) {
  const { state, rows, speed, before } = facts;
  const { now, freezes } = state;
  const limit = spec.thresholds.max_slowdown;
  const slow = slowest(speed, limit);
  const byEvidence = judgeFeature(spec, rows(), Math.floor(now.getTime() / 6e4));
  const judgement = withSlowdown(byEvidence, slow, before?.slow ?? false, limit);
  const gate = gateFrom(standing, spec, judgement, { ...facts, freeze: freezeAt(freezes, now), now });
  const age = (now.getTime() - standing.epoch_started_at.getTime()) / 1e3;
  return { judgement, advance: judgeAdvance(gate), before, slow: slow !== null, age };
}
async function act(store, feature, epoch, spec, { judgement, advance }, input) {
  if (judgement.verdict !== "harmful") {
    const advances = advance.ready && spec.advance !== "manual";
    return { action: advances ? "would_advance" : "none", note: null };
  }
  if (!spec.rollback.enabled) return { action: "would_roll_back", note: "rollback.enabled is false" };
  if (input.dryRun) return { action: "would_roll_back", note: null };
  const { reason, severity, scope, jobs, errors, scores, window } = judgement;
  const taken = await store.takeBack({
    feature,
    actor: input.actor,
    reason,
    severity: severity === "critical" ? "critical" : "warning",
    to: null,
    evidence: { scope, jobs, errors, scores, window },
    epoch
  });
  if (!taken.done) return { action: "none", note: taken.because };
  if (taken.eligibleAfter > 0) await alarm(store, feature, taken.incident, taken.eligibleAfter);
  return { action: "rolled_back", note: `incident ${taken.incident}` };
}
async function alarm(store, feature, incident, eligible) {
  await store.enqueue({
    key: `incident:${incident}:still_exposed`,
    feature,
    severity: "critical",
    kind: "still_exposed",
    message: `${feature} was taken back, but the database still admits ${eligible} subjects; run: rollout stop ${feature} --reason "still exposed"`
  });
}

export {
  judgeFeature,
  gatherAll,
  liveFeatures,
  checkFeature,
  uncheckedFeature
};
