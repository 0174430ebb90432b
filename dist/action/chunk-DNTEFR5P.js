import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dayObstacle
} from "./chunk-PGL2G6C6.js";
import {
  openingFrom
} from "./chunk-NL2ETAZQ.js";
import {
  silenceOf
} from "./chunk-U5RFSSKE.js";

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

export {
  nextStep,
  reviewOf,
  wayTo,
  judgeAdvance,
  soakOf
};
