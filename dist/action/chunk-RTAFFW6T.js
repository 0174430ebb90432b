import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  verdictWord
} from "./chunk-A5IW2GV2.js";
import {
  harmless
} from "./chunk-RZUBHR4S.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

// src/lib/counted.ts
function count(value) {
  return value.toLocaleString("en-US");
}
function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

// src/report/words/words.ts
function share(part, whole) {
  const percent = whole === 0 ? 0 : part / whole * 100;
  return `${Math.round(percent * 100) / 100}%`;
}
function commit(revision) {
  return revision === null ? "no commit" : harmless(revision.slice(0, 10));
}
function moment(at) {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
function ago(at, now) {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 6e4));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

// src/report/words/wait-words.ts
function advanceText({ wait, step }) {
  if (wait === null) return `healthy for the whole soak: ${failedText(step)}`;
  switch (wait.code) {
    case "no_steps":
    case "last_step":
    case "person":
      return waitText(wait);
    default:
      return `waits: ${waitText(wait)}`;
  }
}
function waitText(wait) {
  switch (wait.code) {
    case "no_steps":
      return "no steps";
    case "last_step":
      return "at the last step";
    case "held":
      return "held by an incident";
    case "paused":
      return "paused";
    case "freeze":
      return `freeze until ${wait.to} (${wait.reason})`;
    case "verdict":
      return `${verdictWord(wait.verdict)}, ${wait.reason}`;
    case "few_jobs":
      return `${wait.jobs} of ${wait.needed} jobs of this step have finished`;
    case "failing":
      return `${wait.errors} of ${wait.jobs} jobs of this step failed: ${share(wait.errors, wait.jobs)}, above advance_error_rate ${wait.limit}%`;
    case "soak":
      return `${durationText(wait.left_seconds)} of the soak left`;
    case "no_job_of_step":
      return "no job of this step has finished yet";
    case "newest_job_old":
      return `no job has finished for ${durationText(wait.age_seconds)}; the newest must be at most ${durationText(wait.most_seconds)} old`;
    case "silent_hours":
      return `jobs finished in ${wait.heard} of the ${wait.expected} hours of the soak that had any the day before`;
    case "person":
      return `ready for ${wait.percentage}%: waits for a person`;
  }
}
function failedText({ jobs, errors }) {
  return `${errors} of ${jobs} jobs of this step failed (${share(errors, jobs)})`;
}

export {
  count,
  counted,
  share,
  commit,
  moment,
  ago,
  advanceText,
  waitText
};
