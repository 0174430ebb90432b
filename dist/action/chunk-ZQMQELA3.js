import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  gateOf,
  judgeAdvance,
  slowdownOf
} from "./chunk-RRXJ6VYX.js";
import {
  freezeAt
} from "./chunk-35P45YSF.js";
import {
  nearest
} from "./chunk-3SL6W3HZ.js";
import {
  byKey,
  hundredths,
  mostOf,
  percentOf,
  rateOf,
  ratesByPlace
} from "./chunk-SZZ5JKLK.js";
import {
  CATEGORIES,
  admitsNobody
} from "./chunk-NGXP4PDZ.js";
import {
  quoted
} from "./chunk-WKAZRE6W.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/health-score.ts
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

// src/domain/rolled-back.ts
function rolledBackBy(latest) {
  if (latest?.kind !== "rollback" || latest.state !== "open" && latest.state !== "settled") return null;
  const { id, opened_at, reason, evidence } = latest;
  return {
    ...{ incident: id, opened_at, reason },
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

// src/app/feature-health.ts
var ERROR_TEXTS = 5;
async function healthReader(read, state, feature) {
  const rates = byFeature(await read.rates(feature));
  const errors = byFeature(await read.errorTexts(ERROR_TEXTS, feature));
  const open = byFeature(await read.openJobs(feature));
  const participants = await read.participants(feature);
  const verdicts = await read.lastVerdicts(feature);
  const rows = await read.features(feature);
  const incidents = byFeature(await read.incidentDetails(1, feature));
  return async (standing, categories) => {
    const name = standing.feature;
    const row = rows.get(name);
    const live = row !== void 0 && !admitsNobody(row.columns) && state.global_stop === null;
    const spec = row?.spec ? { ...row.spec, ...row.columns } : null;
    const verdict = verdicts.get(name) ?? null;
    const facts = {
      ...{ standing, categories, live, spec, verdict, row },
      rates: rates.get(name) ?? [],
      participants: participants.get(name) ?? 0,
      slowdown: live ? slowdownOf(await read.speed(name, standing.epoch, standing.step_started_at)) : null
    };
    const jobs = open.get(name) ?? [];
    const rolledBack = live ? null : rolledBackBy(incidents.get(name)?.[0]);
    return {
      ...summaryOf(facts),
      ...rolledBack ? ratesBefore(rolledBack, facts) : {},
      rolled_back: rolledBack,
      ...await nextOf(read, state, facts),
      verdict: verdict && without(verdict),
      open_jobs: jobs.reduce((sum, one) => sum + one.open, 0),
      oldest_open: jobs.reduce((oldest, one) => earlier(oldest, one.oldest), null),
      error_texts: (errors.get(name) ?? []).map(without),
      open_by_processor: jobs.map(without)
    };
  };
}
function summaryOf(facts) {
  const { rates, live, spec, row, verdict, slowdown, participants, categories } = facts;
  const inWindow = rates.filter(({ side }) => side === "now");
  const of = (arm, side) => rateOf(rates.filter((one) => one.present && one.arm === arm && one.side === side));
  const treatment = of("treatment", "now");
  const before = of("treatment", "before");
  const eligible = categories.reduce((sum, one) => sum + one.eligible, 0);
  const participation = eligible > 0 ? { subjects: participants, share: participants / eligible * 100 } : null;
  const limit = row?.settings.max_error_rate ?? 5;
  const parts = live ? healthScore({
    ...{ verdict: verdict?.verdict ?? null, jobs: treatment.jobs, errors: treatment.errors, slowdown },
    criticalErrorRate: spec?.thresholds.critical_error_rate ?? Math.min(100, 2 * limit),
    maxSlowdown: spec?.thresholds.max_slowdown ?? 1.5,
    participation: participation && participation.share / 100
  }) : null;
  return {
    score: parts?.score ?? null,
    score_parts: parts,
    window: row?.settings.window ?? 86400,
    treatment,
    control: of("control", "now"),
    before,
    trend: treatment.error_rate === null || before.error_rate === null ? null : hundredths(treatment.error_rate - before.error_rate),
    participation: participation && { ...participation, share: hundredths(participation.share) },
    warnings: live ? warningsOf(facts, eligible) : [],
    rates: ratesByPlace(inWindow)
  };
}
function ratesBefore(rolledBack, { rates }) {
  const of = (arm) => rateOf(rates.filter((one) => one.arm === arm && one.side === "now"));
  return failingRates(rolledBack) ?? { treatment: of("treatment"), control: of("control") };
}
async function nextOf(read, state, { live, spec, standing, verdict }) {
  if (!live || !spec) return { next_step: null, soak_left: null, advance: null };
  const judgement = verdict ?? { verdict: "no_data", reason: "no tick has judged this epoch yet" };
  const gate = await gateOf(read, standing, spec, judgement, freezeAt(state.freezes, state.now), state.now);
  const { next, soakLeft, reason } = judgeAdvance(gate);
  return { next_step: next?.percentage ?? null, soak_left: Math.ceil(soakLeft), advance: reason };
}
function warningsOf({ participants, spec, categories, standing }, eligible) {
  const warnings = [];
  if (eligible > 0 && participants / eligible < LEAST_PARTICIPATION) {
    warnings.push(
      `only ${participants} of ${eligible} eligible ${eligible === 1 ? "subject" : "subjects"} (${percentOf(participants, eligible)} %) had a job: what is judged is what few do`
    );
  }
  const chosen = standing.strategy !== "percentage" || (spec?.categories ?? null) !== null;
  const most = mostOf(categories.map(({ category, eligible: subjects }) => ({ category, subjects })));
  if (!chosen && most !== null) warnings.push(`${most}: the others are hardly tried`);
  return warnings;
}
function byFeature(rows) {
  return byKey(rows, ({ feature }) => feature);
}
function without({ feature: _feature, ...rest }) {
  return rest;
}
function earlier(a, b) {
  return a !== null && a < b ? a : b;
}

// src/app/status.ts
var MOST_NAMED = 20;
function bySize(categories) {
  const order = [...CATEGORIES, null];
  return categories.sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category));
}
async function requireFeature(read, feature) {
  const standings = await read.standings(feature);
  if (standings.length === 0) throw await unknownFeature(read, feature);
}
async function unknownFeature(read, feature) {
  const names = (await read.standings()).map((standing) => standing.feature);
  return new RolloutError("unknown_feature", `there is no feature ${quoted(feature)}`, {
    hint: featuresHint(feature, names)
  });
}
function featuresHint(feature, names) {
  if (names.length === 0) return "there are none yet; run: rollout plan";
  const meant = nearest(feature, names);
  if (meant !== null) return `did you mean ${meant}?`;
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `there are ${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

export {
  healthReader,
  bySize,
  requireFeature
};
