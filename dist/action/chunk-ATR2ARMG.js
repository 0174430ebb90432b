import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  advanceText
} from "./chunk-B2NUAD26.js";
import {
  breachText,
  reasonText
} from "./chunk-36L5UVMJ.js";
import {
  counted
} from "./chunk-EMFE24EX.js";

// src/report/words/outcome-words.ts
function fileText(file, path) {
  switch (file.state) {
    case "committed":
      return `committed as ${file.commit.slice(0, 10)}`;
    case "proposed":
      return file.pull_request === null ? `proposed on ${file.branch}` : `proposed in #${file.pull_request}`;
    case "unchanged":
      return `${path} says so already`;
    case "edited":
      return `${path} was edited`;
    case "needs_person":
      return `waits on ${file.branch} for a person to open the pull request: ${file.compare}`;
  }
}
function obstacleText(obstacle) {
  switch (obstacle.code) {
    case "declined":
      return "nothing was changed";
    case "gate":
      return advanceText(obstacle.gate);
    case "nothing_held":
      return "nothing is held that could be resumed";
    case "merge":
      return `waits until a person merges ${obstacle.branch ?? "the write-back"}`;
    case "open_and_merge":
      return `waits until a person opens and merges the pull request, which we may not open (${obstacle.why}): ${obstacle.compare}`;
    case "not_reconciled":
      return `not reconciled: ${refusalText(obstacle.refusal)}`;
    case "kept":
      return reasonText(obstacle.reason);
    case "file_error":
      return `line ${obstacle.line}: ${obstacle.message}`;
    case "everything_stopped":
      return `everything is stopped (${obstacle.reason}); to lift the global stop, run: rollout resume --all --reason ...`;
    case "stays_stopped":
      return `${obstacleText(obstacle.until)}; everything stays stopped until then: run rollout resume --all once more after the merge`;
    case "write_back_refused":
      return obstacle.refusal.message;
    case "write_back_pending":
      return obstacle.error ?? "it is not written back yet";
  }
}
function refusalText({ message, hint }) {
  return hint === null ? message : `${message}; ${hint}`;
}
function nothingText(feature, nothing) {
  switch (nothing.code) {
    case "unknown_feature":
      return `there is no feature ${feature}`;
    case "changed_meanwhile":
      return "it was changed meanwhile";
    case "off":
      return "it is off already";
    case "not_above":
      return `it is at ${nothing.percentage}%, which is not above ${nothing.to}%`;
  }
}
function rolledBackSentence(outcome) {
  const { feature, incident, nothing, from, to } = outcome;
  if (nothing) return `${feature}: nothing was rolled back, because ${nothingText(feature, nothing)}`;
  const now = to === null ? "off for everyone" : `at ${to}%`;
  return `${feature} is rolled back from ${from}%, and now ${now} (incident ${incident})`;
}
function stillAdmittedText({ feature, incident, to, eligible }) {
  if (incident === null || to !== null || !eligible) return null;
  return `the database still admits ${counted(eligible, "subject")}; run: rollout stop ${feature} --reason "..."`;
}
function pendingText(pending) {
  return `the file does not say so yet: ${obstacleText(pending)}`;
}
function stopTexts({ feature, stopped, already_off }) {
  return [
    ...feature === null ? ["every feature is stopped, and so are those that are added later"] : [],
    ...stopped.map((name) => `${name} is stopped`),
    ...already_off.map((name) => `${name} was stopped already`)
  ];
}
var UNLATCHED = "the global stop is lifted";
function skippedText({ feature, refusal }) {
  return `${feature} stays held: ${refusalText(refusal)}`;
}
function noteText(feature, note) {
  switch (note.code) {
    case "rollback_disabled":
      return "rollback.enabled is false";
    case "nothing_taken":
      return nothingText(feature, note.nothing);
    case "incident":
      return `incident ${note.incident}`;
    case "step":
      return `to ${note.to}%${note.pull_request === null ? "" : ` in #${note.pull_request}`}`;
    case "step_by_person":
      return `to ${note.to}%, when a person has opened the pull request: ${note.compare}`;
    case "step_refused":
      return `not to ${note.to}%, because the policy refuses it: ${note.breaches.map(breachText).join("; ")}`;
    case "step_failed":
      return `the file could not be changed: ${note.error}`;
    case "step_not_withdrawn":
      return `the proposal of the next step could not be withdrawn: ${note.error}`;
  }
}
function adoptedText(adopted) {
  return `adopted ${counted(adopted.length, "feature")} that already ${adopted.length === 1 ? "matches" : "match"} the file`;
}

export {
  fileText,
  obstacleText,
  refusalText,
  rolledBackSentence,
  stillAdmittedText,
  pendingText,
  stopTexts,
  UNLATCHED,
  skippedText,
  noteText,
  adoptedText
};
