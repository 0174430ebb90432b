import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/report/feature-state.ts
var FEATURE_STATES = [
  "stopped",
  "held",
  "rolled_back",
  "harmful",
  "error",
  "suspect",
  "warning",
  "paused",
  "frozen",
  "no_data",
  "gathering",
  "soaking",
  "ready",
  "healthy",
  "off"
];
var STATE_TONES = {
  stopped: "bad",
  held: "bad",
  rolled_back: "warn",
  harmful: "bad",
  error: "bad",
  suspect: "warn",
  warning: "warn",
  paused: "wait",
  frozen: "wait",
  no_data: "wait",
  gathering: "wait",
  soaking: "good",
  ready: "good",
  healthy: "good",
  off: "off"
};
function stateOf(facts) {
  if (facts.stopped) return "stopped";
  if (facts.held) return "held";
  if (!facts.live) return facts.settled ? "rolled_back" : "off";
  const { verdict } = facts;
  if (verdict === null || verdict === "no_data") return "no_data";
  if (verdict === "insufficient") return "gathering";
  if (verdict !== "healthy") return verdict;
  if (facts.next === null) return "healthy";
  if (facts.paused) return "paused";
  if (facts.freeze) return "frozen";
  if (facts.ready) return "ready";
  return facts.soakLeft > 0 ? "soaking" : "healthy";
}

// src/domain/report/report.ts
function unresolved(incidents) {
  const [last] = incidents;
  return last?.state === "open" || last?.state === "settled" ? last : null;
}

export {
  FEATURE_STATES,
  STATE_TONES,
  stateOf,
  unresolved
};
