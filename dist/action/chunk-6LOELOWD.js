import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gateOf,
  judgeAdvance,
  slowest,
  withSlowdown
} from "./chunk-ZTWTYGIA.js";
import {
  freezeAt
} from "./chunk-35P45YSF.js";
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
  ruleOf,
  splitByCategory,
  thresholdParams,
  unjudged
} from "./chunk-CALZH4S2.js";
import {
  fillSpec
} from "./chunk-52BETDGQ.js";
import {
  STRATEGIES,
  admitsNobody
} from "./chunk-U5SUWIFJ.js";
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
  const parts = splitByCategory(buckets);
  const stricter = {
    ...rule,
    evidence: rule.evidence * parts.size,
    warningEvidence: rule.warningEvidence * parts.size
  };
  let worst = judgeBuckets(buckets, rule, null);
  for (const [category, part] of parts) {
    const alone = judgeBuckets(part, stricter, category);
    const difference = compareBadness(alone, worst);
    const strongerTwin = difference === 0 && worst.scope !== ALL && alone.scores.absolute > worst.scores.absolute;
    if (difference > 0 || strongerTwin) worst = alone;
  }
  return worst;
}
function judgeFeature(spec, rows, now) {
  return spec.analysis === "threshold" ? judgeByThreshold(rows, thresholdParams(spec, now)) : judgeByCategory(rows, healthParams(spec));
}
function judgeBuckets(buckets, rule, category) {
  const watch = newWatch(rule);
  for (const bucket of buckets) observe(watch, bucket);
  return judgementOf(watch, category);
}
function judgementOf(watch, category) {
  const decision = decide(watch);
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
  const percentage = Number(value);
  if (!(percentage >= 0 && percentage <= 100)) return { refuse: "a percentage is a number from 0 to 100" };
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
  const limit = Number(value);
  if (!(limit > 0 && limit <= 100)) return { refuse: "an error rate is a number above 0, up to 100" };
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
async function checkFeature(store, live, input) {
  const { feature, epoch } = live.standing;
  const { spec, notes } = underOverrides(input.environment, feature, live.spec);
  const found = await gather2(store, { ...live, spec });
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
async function gather2(store, live) {
  const { feature, epoch } = live.standing;
  const [before = null] = await store.reading((read) => read.checks(feature, epoch, 1));
  const nothing = { before, slow: false, age: 0 };
  if (live.reconciled === null) return { ...nothing, ...notJudged(NO_SPEC) };
  try {
    return await store.reading((read) => readFound(read, live, before));
  } catch (error) {
    return { ...nothing, ...notJudged(reasonOf(error)) };
  }
}
var NO_SPEC = "what the database says of it was never reconciled, or was changed by hand since";
async function readFound(read, { standing, spec }, before) {
  const { feature, epoch, epoch_started_at, step_started_at } = standing;
  const { now, freezes } = await read.state();
  const age = (now.getTime() - epoch_started_at.getTime()) / 1e3;
  const limit = spec.thresholds.max_slowdown;
  const slow = slowest(await read.speed(feature, epoch, step_started_at), limit);
  const rows = await read.evidence(feature, epoch);
  const judged = judgeFeature(spec, rows, Math.floor(now.getTime() / 6e4));
  const judgement = withSlowdown(judged, slow, before?.slow ?? false, limit);
  const gate = await gateOf(read, standing, spec, judgement, freezeAt(freezes, now), now);
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
  liveFeatures,
  checkFeature,
  uncheckedFeature
};
