import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dayIn,
  openingFrom
} from "./chunk-E7ZLXCHG.js";
import {
  silenceOf
} from "./chunk-U5RFSSKE.js";
import {
  admitsNobody,
  asResolved,
  exposureOf,
  isOff
} from "./chunk-T5UFH23J.js";
import {
  compareText
} from "./chunk-XRYC3SR4.js";

// src/domain/spec/freeze.ts
function freezeAt(freezes, now) {
  const day = now.toISOString().slice(0, 10);
  return freezes.find((freeze) => freeze.from <= day && day <= freeze.to) ?? null;
}

// src/domain/evidence/cost.ts
function costOf(sums, { costs, routing }, days) {
  const processors = sums.map((sum) => processorCost(sum, costs[sum.processor])).sort(byCost);
  const total = sumOf(processors);
  const alone = aloneOf(sums, routing.fallback, costs[routing.fallback]);
  return {
    days,
    processors,
    total,
    fallback: routing.fallback,
    alone,
    saved: total === null || alone === null ? null : alone - total,
    problem: problemOf(processors, costs, routing.fallback, alone)
  };
}
function totalOf(sums, costs) {
  const processors = sums.map((sum) => processorCost(sum, costs[sum.processor]));
  const total = sumOf(processors);
  return total === null ? { total, problem: ownProblem(processors, costs) ?? { code: "no_job" } } : { total, problem: null };
}
function sumOf(processors) {
  const known = processors.length > 0 && processors.every(({ cost }) => cost !== null);
  return known ? processors.reduce((all, { cost }) => all + (cost ?? 0), 0) : null;
}
function processorCost(sum, price) {
  const minutes = minutesOf(sum);
  const cost = price ? priced(sum.jobs, minutes, price) : null;
  const per_job = cost === null || sum.jobs === 0 ? null : cost / sum.jobs;
  return { processor: sum.processor, jobs: sum.jobs, minutes, cost, per_job };
}
function minutesOf({ jobs, timed_jobs, processing_ms }) {
  if (jobs === 0) return 0;
  return timed_jobs === 0 ? null : processing_ms / timed_jobs * jobs / 6e4;
}
function priced(jobs, minutes, { per_job, per_minute }) {
  if (per_minute === 0) return jobs * per_job;
  return minutes === null ? null : jobs * per_job + minutes * per_minute;
}
function aloneOf(sums, fallback, price) {
  if (!price) return null;
  const jobs = sums.reduce((all, sum) => all + sum.jobs, 0);
  const there = sums.find(({ processor, timed_jobs }) => processor === fallback && timed_jobs > 0);
  if (there) return priced(jobs, there.processing_ms / there.timed_jobs / 6e4 * jobs, price);
  const minutes = sums.reduce((all, sum) => {
    const own = minutesOf(sum);
    return all === null || own === null ? null : all + own;
  }, 0);
  return priced(jobs, minutes, price);
}
function problemOf(processors, costs, fallback, alone) {
  const own = ownProblem(processors, costs);
  if (own !== null && own.code !== "untimed") return own;
  if (!costs[fallback]) return { code: "fallback_unpriced", fallback };
  return own ?? (alone === null ? { code: "fallback_untimed", fallback } : null);
}
function ownProblem(processors, costs) {
  if (processors.length === 0) return { code: "no_job" };
  if (Object.keys(costs).length === 0) return { code: "no_prices" };
  const unpriced = processors.filter(({ processor }) => !costs[processor]).map(({ processor }) => processor);
  if (unpriced.length > 0) return { code: "unpriced", processors: unpriced };
  const untimed = processors.filter(({ cost }) => cost === null).map(({ processor }) => processor);
  return untimed.length > 0 ? { code: "untimed", processors: untimed } : null;
}
function byCost(a, b) {
  return (b.cost ?? 0) - (a.cost ?? 0) || compareText(a.processor, b.processor);
}

// src/domain/evidence/spending.ts
var MONTH_SECONDS = 30 * 86400;
function spendingOf({ budget, costs }, { processors, seconds }, raise) {
  const { total, problem } = totalOf(processors, costs);
  const jobs = processors.reduce((sum, one) => sum + one.jobs, 0);
  const monthly = total === null || seconds <= 0 ? null : total / seconds * MONTH_SECONDS;
  const grown = monthly === null || raise === null || raise.times === null ? null : monthly * raise.times;
  return {
    budget,
    monthly,
    per_job: total === null || jobs === 0 ? null : total / jobs,
    next: raise && { percentage: raise.percentage, monthly: grown },
    problem
  };
}
function excessOf({ budget, per_job, next }) {
  if (next === null) return null;
  const { percentage, monthly } = next;
  const found = [
    ["monthly", monthly],
    ["per_job", per_job]
  ];
  for (const [over, cost] of found) {
    const limit = budget[over];
    if (limit !== void 0 && cost !== null && cost > limit)
      return { over, percentage, cost, budget: limit };
  }
  return null;
}

// src/domain/spec/days.ts
function dayObstacle(spec, now) {
  const { not_before, cutoff } = spec;
  if (cutoff === void 0 && not_before === void 0) return null;
  const today = dayIn(spec.hours?.zone ?? "UTC", now);
  if (cutoff !== void 0 && today > cutoff) return { code: "cutoff", day: cutoff };
  return not_before !== void 0 && today < not_before ? { code: "not_before", day: not_before } : null;
}
function missedCutoff(spec, now) {
  if (spec.strategy === "whitelist" || isOff(spec) || spec.percentage >= 100) return null;
  const obstacle = dayObstacle(spec, now);
  return obstacle?.code === "cutoff" ? obstacle.day : null;
}

// src/domain/gate/advance.ts
function nextStep(spec) {
  if (spec.strategy === "whitelist") return null;
  return spec.steps.find((step) => step.percentage > spec.percentage) ?? null;
}
function reviewOf(spec, to) {
  if (spec.advance === "pull_request") return { code: "advance" };
  const from = spec.active && !spec.emergency_stop ? spec.percentage : 0;
  const approved = spec.steps.find(
    ({ approve, percentage }) => approve && percentage > from && percentage <= to
  );
  return approved ? { code: "approve", percentage: approved.percentage } : null;
}
function wayTo(spec, to) {
  return spec.advance !== "manual" && reviewOf(spec, to) ? "pull_request" : spec.advance;
}
function judgeAdvance(gate, byHand = false) {
  const next = nextStep(gate.spec);
  const soakLeft = soakLeftOf(gate);
  return { next, soakLeft, wait: waitOf(gate, next, soakLeft, byHand), step: gate.step };
}
function waitOf(gate, next, soakLeft, byHand) {
  const { spec, step, judgement, freeze, now } = gate;
  const { advance_error_rate } = spec.thresholds;
  const needed = presentStep(spec)?.minimum_jobs ?? spec.thresholds.minimum_jobs;
  if (next === null) return { code: spec.steps.length === 0 ? "no_steps" : "last_step" };
  if (gate.held) return { code: "held" };
  if (spec.paused) return { code: "paused" };
  if (freeze) return { code: "freeze", to: freeze.to, reason: freeze.reason };
  const day = dayObstacle(spec, now);
  if (day !== null) return day;
  const { verdict, reason } = judgement;
  if (verdict !== "healthy") return { code: "verdict", verdict, reason };
  if (step.jobs < needed) return { code: "few_jobs", jobs: step.jobs, needed };
  if (exceeds(step, advance_error_rate)) return { code: "failing", ...step, limit: advance_error_rate };
  if (soakLeft > 0) return { code: "soak", left_seconds: soakLeft };
  const silence = silenceOf(gate.spread, soakOf(spec));
  if (silence !== null) return silence;
  const dear = budgetWait(gate);
  if (dear !== null) return dear;
  const outside = hoursWait(gate);
  if (outside !== null) return outside;
  return spec.advance === "manual" && !byHand ? { code: "person", percentage: next.percentage } : null;
}
function budgetWait({ spending }) {
  if (spending === null) return null;
  if (spending.problem !== null) return { code: "cost_unknown", problem: spending.problem };
  const excess = excessOf(spending);
  return excess && { code: "over_budget", ...excess };
}
function hoursWait({ spec, policyHours, now }) {
  for (const hours of [spec.hours, policyHours]) {
    const opens = hours ? openingFrom(hours, now) : now;
    if (hours && opens > now) return { code: "hours", opens, zone: hours.zone };
  }
  return null;
}
function exceeds({ jobs, errors }, limit) {
  return errors * 1e6 > Math.round(limit * 1e4) * jobs;
}
function soakOf(spec) {
  return presentStep(spec)?.soak ?? 0;
}
function presentStep({ steps, percentage }) {
  return steps.findLast((step) => step.percentage <= percentage);
}
function soakLeftOf({ spec, soakingSince, pausedSeconds, now }) {
  const soaked = (now.getTime() - soakingSince.getTime()) / 1e3 - pausedSeconds;
  return Math.max(0, soakOf(spec) - soaked);
}

// src/app/spending/spending.ts
function askNext(spec) {
  const from = asResolved(exposureOf(spec));
  const next = nextStep(spec);
  return { spec, from, to: next && { ...from, percentage: next.percentage } };
}
async function readSpending(read, asked) {
  const budgeted = asked.flatMap(
    (one, place) => one.spec.budget ? [{ ...one, place, budget: one.spec.budget }] : []
  );
  const found = asked.map(() => null);
  if (budgeted.length === 0) return found;
  const steps = new Map(budgeted.map(({ standing }) => [standing.feature, standing]));
  const spent = await read.health.spentOf([...steps.values()]);
  const impacts = await read.features.impacts(
    budgeted.map(({ spec: { subject }, from, to }) => ({
      before: { subject, exposure: from },
      after: { subject, exposure: to ?? from },
      tests: null
    }))
  );
  for (const [nth, { standing, spec, budget, from, to, place }] of budgeted.entries()) {
    const raise = to && { percentage: to.percentage, times: timesOf(from, to, impacts[nth]) };
    const runs = spent.get(standing.feature) ?? { processors: [], seconds: 1 };
    found[place] = spendingOf({ ...spec, budget }, runs, raise);
  }
  return found;
}
async function readNextSpending(read, live) {
  const asked = live.map(({ standing, spec }) => ({ standing, ...askNext(spec) }));
  const found = await readSpending(read, asked);
  return new Map(
    asked.flatMap(({ standing }, nth) => {
      const spending = found[nth];
      return spending ? [[standing.feature, spending]] : [];
    })
  );
}
async function nextAudiences(read) {
  const rows = [...(await read.features.actual()).values()];
  return rows.flatMap(({ spec, columns, archived }) => {
    if (!spec?.budget || archived || admitsNobody(columns)) return [];
    const { from, to } = askNext({ ...spec, ...columns });
    return to ? [from, to].map((exposure) => ({ subject: spec.subject, exposure })) : [];
  });
}
function timesOf(from, to, impact) {
  if (impact && impact.before > 0) return impact.after / impact.before;
  const byPercentage = from.strategy === "percentage" && to.strategy === "percentage";
  return byPercentage && from.percentage > 0 ? to.percentage / from.percentage : null;
}

export {
  dayObstacle,
  missedCutoff,
  freezeAt,
  costOf,
  excessOf,
  nextStep,
  reviewOf,
  wayTo,
  judgeAdvance,
  soakOf,
  readSpending,
  readNextSpending,
  nextAudiences
};
