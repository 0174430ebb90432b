import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  plural
} from "./chunk-B2BW3BM7.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

// src/domain/gate/stopped-outcomes.ts
var NOTHING_EXPECTED = {
  quietSeconds: 0,
  longestMeanSeconds: 0,
  openJobs: 0,
  controlJobs: 0,
  share: 0
};
var LATE_MEANS = 4;
var SHORTEST_PATIENCE = 900;
var FEWEST_LATE = 3;
function patienceOf({ longestMeanSeconds }) {
  return Math.max(SHORTEST_PATIENCE, LATE_MEANS * longestMeanSeconds);
}
function withStoppedOutcomes(judgement, hearing, minimumJobs) {
  if (judgement.verdict !== "healthy" && judgement.verdict !== "insufficient") return judgement;
  const found = hearing.quietSeconds > patienceOf(hearing) ? stopped(hearing, minimumJobs) : null;
  if (found === null) return judgement;
  const reason = `no treatment job has finished for ${durationText(hearing.quietSeconds)}, ${found}`;
  return { ...judgement, verdict: "no_data", reasonCode: "outcomes_stopped", severity: "none", reason };
}
function stopped({ openJobs, controlJobs, share }, minimumJobs) {
  if (openJobs >= FEWEST_LATE) {
    return `although ${openJobs} that were routed since are still open: look whether the processes that run them record how they end`;
  }
  if (share <= 0 || share >= 1) return null;
  const expected = Math.floor(controlJobs * share / (1 - share));
  if (expected < minimumJobs) return null;
  return `while control finished ${plural(controlJobs, "job")} and about ${expected} of treatment were expected: look whether its outcomes are recorded`;
}

export {
  NOTHING_EXPECTED,
  LATE_MEANS,
  SHORTEST_PATIENCE,
  withStoppedOutcomes
};
