import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  plural,
  timeText
} from "./chunk-B2BW3BM7.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

// src/domain/guardrails/metric-read.ts
function pausedBy(reads, now) {
  let last = null;
  for (const read of reads) {
    if (read?.retryAt && read.retryAt > (last?.retryAt ?? now)) last = read;
  }
  return last;
}
var STEP_SECONDS = 300;
var LAG_SECONDS = 60;
var GRACE_SECONDS = 900;
function readFrom(read, epochStartedAt) {
  const begin = Math.ceil(epochStartedAt.getTime() / 1e3 / STEP_SECONDS) * STEP_SECONDS;
  return Math.max(begin, (read?.readUntil?.getTime() ?? 0) / 1e3);
}
var MOST_STEPS = 72;
var LATE_SECONDS = 3600;
function readAgainFrom(read, epochStartedAt, until) {
  const begin = readFrom(void 0, epochStartedAt);
  const newest = (read?.eventsUntil?.getTime() ?? 0) / 1e3 - STEP_SECONDS;
  const from = Math.min(readFrom(read, epochStartedAt), until - LATE_SECONDS, newest);
  return Math.max(begin, until - MOST_STEPS * STEP_SECONDS, from);
}
function closedAt(now) {
  return Math.floor((now.getTime() / 1e3 - LAG_SECONDS) / STEP_SECONDS) * STEP_SECONDS;
}
function unreadSince(read, epochStartedAt, now) {
  const since = readFrom(read, epochStartedAt);
  return closedAt(now) - since > GRACE_SECONDS ? since : null;
}
function asksAgainAt(read, now) {
  return read?.retryAt && read.retryAt > now ? read.retryAt : null;
}
var SILENT_SECONDS = 3600;
function silenced(judgement, metric, newest, now) {
  const quiet = newest === null ? 0 : now.getTime() / 1e3 - newest;
  if (quiet <= SILENT_SECONDS || judgement.verdict !== "healthy") return judgement;
  const since = timeText(Math.floor((newest ?? 0) / 60), Math.floor(now.getTime() / 6e4));
  return {
    ...judgement,
    verdict: "insufficient",
    reasonCode: "outcomes_stopped",
    reason: `guardrail ${metric}: the engine has no event of treatment since ${since}`
  };
}
function unread(judgement, metric, { since, read, now }) {
  if (judgement.verdict === "harmful" || judgement.verdict === "suspect") return judgement;
  const minute = Math.floor(now.getTime() / 6e4);
  const again = asksAgainAt(read, now);
  const pause = again ? `; it is asked again at ${timeText(Math.ceil(again.getTime() / 6e4), minute)}` : "";
  const why = read?.problem ?? "no tick has asked for them";
  return {
    ...judgement,
    verdict: "insufficient",
    reasonCode: "metric_unread",
    severity: "none",
    reason: `guardrail ${metric}: its events since ${timeText(Math.floor(since / 60), minute)} were not read: ${why}${pause}`
  };
}

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
  pausedBy,
  STEP_SECONDS,
  readFrom,
  readAgainFrom,
  closedAt,
  unreadSince,
  asksAgainAt,
  silenced,
  unread,
  NOTHING_EXPECTED,
  LATE_MEANS,
  SHORTEST_PATIENCE,
  withStoppedOutcomes
};
