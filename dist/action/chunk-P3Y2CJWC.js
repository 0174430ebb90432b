import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  silenceOf
} from "./chunk-U5RFSSKE.js";
import {
  dayObstacle,
  freezeAt
} from "./chunk-C4MDPZ4A.js";
import {
  openingFrom
} from "./chunk-GZWRNGBZ.js";

// src/domain/gate/advance.ts
function nextStep(spec) {
  if (spec.strategy === "whitelist") return null;
  return spec.steps.find((step) => step.percentage > spec.percentage) ?? null;
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
  const outside = hoursWait(gate);
  if (outside !== null) return outside;
  return spec.advance === "manual" && !byHand ? { code: "person", percentage: next.percentage } : null;
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

// src/app/health/advance-gate.ts
function gateFrom(standing, spec, judgement, { soak, step, spread, state }) {
  return {
    spec,
    judgement,
    step,
    spread,
    freeze: freezeAt(state.freezes, state.now),
    policyHours: state.policy?.hours ?? null,
    now: state.now,
    soakingSince: soak.since,
    pausedSeconds: soak.pausedSeconds,
    held: standing.incident !== null
  };
}
async function gateOf(read, standing, spec, judgement, state) {
  const { feature, epoch, step_started_at } = standing;
  const soak = await read.health.soak(feature, epoch, step_started_at);
  const step = await read.health.stepJobs(feature, epoch, step_started_at);
  const spread = await read.health.spread(feature, epoch, soak.since);
  return gateFrom(standing, spec, judgement, { soak, step, spread, state });
}

// src/domain/health/slowdown.ts
var LEAST_JOBS = 30;
function slowest(comparisons, maxSlowdown) {
  const slow = comparisons.filter(
    (c) => c.jobs >= LEAST_JOBS && c.baseline_jobs >= LEAST_JOBS && c.mean_ms > maxSlowdown * c.baseline_ms
  );
  return slow.sort((a, b) => b.mean_ms / b.baseline_ms - a.mean_ms / a.baseline_ms)[0] ?? null;
}
function slowdownOf(comparisons) {
  const slow = slowest(comparisons, 0);
  return slow && slow.baseline_ms > 0 ? slow.mean_ms / slow.baseline_ms : null;
}
function withSlowdown(judgement, slow, slowBefore, maxSlowdown) {
  if (!slow || !slowBefore || judgement.verdict !== "healthy") return judgement;
  const ratio = Math.round(slow.mean_ms / slow.baseline_ms * 100) / 100;
  const than = slow.baseline === "control" ? "control" : "before this step";
  return {
    ...judgement,
    verdict: "warning",
    reasonCode: "slower",
    severity: "warning",
    reason: `${slow.processor} takes ${Math.round(slow.mean_ms)} ms, ${ratio} times as long as ${than} (${Math.round(slow.baseline_ms)} ms) for the second check; at most ${maxSlowdown} times is allowed`
  };
}

export {
  nextStep,
  judgeAdvance,
  soakOf,
  slowest,
  slowdownOf,
  withSlowdown,
  gateFrom,
  gateOf
};
