import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  verdictWord
} from "./chunk-I2BF2CQV.js";
import {
  silenceOf
} from "./chunk-UEVRUX77.js";
import {
  formatDuration
} from "./chunk-U4JOIXHQ.js";

// src/domain/advance.ts
function nextStep(spec) {
  if (spec.strategy === "whitelist") return null;
  return spec.steps.find((step) => step.percentage > spec.percentage) ?? null;
}
function judgeAdvance(gate, byHand = false) {
  const next = nextStep(gate.spec);
  const soakLeft = soakLeftOf(gate);
  const reason = waitsFor(gate, next, soakLeft, byHand);
  if (reason !== null) return { ready: false, next, soakLeft, reason };
  const rate = rateText(gate.step.jobs, gate.step.errors);
  return {
    ready: true,
    next,
    soakLeft,
    reason: `healthy for the whole soak: ${gate.step.errors} of ${gate.step.jobs} jobs of this step failed (${rate})`
  };
}
function waitsFor(gate, next, soakLeft, byHand) {
  const { spec, step, judgement } = gate;
  const { minimum_jobs, advance_error_rate } = spec.thresholds;
  if (next === null) return spec.steps.length === 0 ? "no steps" : "at the last step";
  if (gate.held) return "waits: held by an incident";
  if (spec.paused) return "waits: paused";
  if (gate.freeze) return `waits: freeze until ${gate.freeze.to} (${gate.freeze.reason})`;
  if (judgement.verdict !== "healthy") return `waits: ${verdictWord(judgement.verdict)}, ${judgement.reason}`;
  if (step.jobs < minimum_jobs)
    return `waits: ${step.jobs} of ${minimum_jobs} jobs of this step have finished`;
  if (exceeds(step, advance_error_rate)) {
    return `waits: ${step.errors} of ${step.jobs} jobs of this step failed: ${rateText(step.jobs, step.errors)}, above advance_error_rate ${advance_error_rate} %`;
  }
  if (soakLeft > 0) return `waits: ${formatDuration(roundedUp(soakLeft))} of the soak left`;
  const silence = silenceOf(gate.spread, soakOf(spec));
  if (silence !== null) return `waits: ${silence}`;
  return spec.advance === "manual" && !byHand ? `ready for ${next.percentage} %: waits for a person` : null;
}
function exceeds({ jobs, errors }, limit) {
  return errors * 1e6 > Math.round(limit * 1e4) * jobs;
}
function soakOf({ steps, percentage }) {
  return steps.findLast((step) => step.percentage <= percentage)?.soak ?? 0;
}
function soakLeftOf({ spec, soakingSince, pausedSeconds, now }) {
  const soaked = (now.getTime() - soakingSince.getTime()) / 1e3 - pausedSeconds;
  return Math.max(0, soakOf(spec) - soaked);
}
function roundedUp(seconds) {
  return seconds > 60 ? Math.ceil(seconds / 60) * 60 : Math.ceil(seconds);
}
function rateText(jobs, errors) {
  return `${jobs === 0 ? 0 : Math.round(errors / jobs * 1e4) / 100} %`;
}

// src/app/gate.ts
function gateFrom(standing, spec, judgement, { soak, step, spread, freeze, now }) {
  return {
    ...{ spec, judgement, step, spread, freeze, now },
    soakingSince: soak.since,
    pausedSeconds: soak.pausedSeconds,
    held: standing.incident !== null
  };
}
async function gateOf(read, standing, spec, judgement, freeze, now) {
  const { feature, epoch, step_started_at } = standing;
  const soak = await read.soak(feature, epoch, step_started_at);
  const step = await read.stepJobs(feature, epoch, step_started_at);
  const spread = await read.spread(feature, epoch, soak.since);
  return gateFrom(standing, spec, judgement, { soak, step, spread, freeze, now });
}

// src/domain/slowdown.ts
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
