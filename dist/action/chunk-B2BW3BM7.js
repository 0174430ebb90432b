import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  atMinute
} from "./chunk-264FZAQV.js";

// src/domain/health/wording.ts
function timeText(minute, now) {
  const iso = atMinute(minute).toISOString();
  const time = iso.slice(11, 16);
  return iso.slice(0, 10) === atMinute(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`;
}
function percentText(value, digits = 2) {
  return `${Number(value.toFixed(digits))}%`;
}
function scoreText(score, digits = 1) {
  const text = score.toFixed(Math.abs(score) >= 100 ? 0 : digits);
  return Number(text) === 0 ? 0 .toFixed(digits) : text;
}
function againstText(score, evidence) {
  const needed = Math.log(evidence);
  let digits = 1;
  while (digits < 6 && score < needed && scoreText(score, digits) === scoreText(needed, digits)) digits++;
  return `${scoreText(score, digits)} against ${scoreText(needed, digits)} needed`;
}
function comparedText(rate, limit, words) {
  let digits = 2;
  while (digits < 8 && rate !== limit && percentText(rate, digits) === percentText(limit, digits)) digits++;
  return `${percentText(rate, digits)} is ${words} ${percentText(limit, digits)}`;
}
function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
var JOBS = {
  one: "job",
  failed: "failed",
  failedShort: "failed",
  ended: " finished",
  span: "span with a failure",
  warningRate: "a warning rate"
};
var EVENTS = {
  one: "event",
  failed: "were bad",
  failedShort: "bad",
  ended: "",
  span: "span with a bad event",
  warningRate: "a limit"
};
function scopeText(category) {
  if (category === null) return "";
  return category === "" ? "without a category: " : `${category}: `;
}
var VERDICTS = {
  healthy: { word: "healthy", clause: "is healthy" },
  warning: { word: "warning", clause: "is warning" },
  suspect: { word: "suspect", clause: "is suspect" },
  harmful: { word: "harmful", clause: "is harmful" },
  insufficient: { word: "not enough jobs yet", clause: "has not enough jobs yet" },
  no_data: { word: "no finished jobs", clause: "has no finished jobs" },
  error: { word: "not judged", clause: "cannot be judged" }
};
function verdictWord(verdict) {
  return isVerdict(verdict) ? VERDICTS[verdict].word : verdict;
}
function verdictClause(verdict) {
  return isVerdict(verdict) ? VERDICTS[verdict].clause : `is ${verdict}`;
}
function isVerdict(verdict) {
  return Object.hasOwn(VERDICTS, verdict);
}

export {
  timeText,
  percentText,
  againstText,
  comparedText,
  plural,
  JOBS,
  EVENTS,
  scopeText,
  verdictWord,
  verdictClause
};
