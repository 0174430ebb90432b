import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  freezeAt,
  readNextSpending
} from "./chunk-CGKZ2VQL.js";

// src/app/health/advance-gate.ts
function gateFrom(standing, spec, judgement, { soak, step, spread, spending, state }) {
  return {
    spec,
    judgement,
    step,
    spread,
    spending,
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
  const spending = (await readNextSpending(read, [{ standing, spec }])).get(feature) ?? null;
  return gateFrom(standing, spec, judgement, { soak, step, spread, spending, state });
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
  slowest,
  slowdownOf,
  withSlowdown,
  gateFrom,
  gateOf
};
