import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  advanceText
} from "./chunk-5LPR4R5C.js";
import {
  calledBy
} from "./chunk-NSWKCLK7.js";
import {
  breachText,
  count,
  counted,
  moment,
  reasonText
} from "./chunk-ECMGPDJJ.js";
import {
  harmless,
  oneLine
} from "./chunk-XRYC3SR4.js";

// src/report/words/request-words.ts
function titleText(requested) {
  switch (requested.code) {
    case "add":
      return `Add ${requested.feature}, ${requested.whitelist > 0 ? "for its whitelist" : "switched off"}`;
    case "set":
      return `Set ${requested.feature} to ${requested.to}%`;
    case "advance":
      return requested.to === null ? `Advance ${requested.feature}` : `Advance ${requested.feature} to ${requested.to}%`;
    case "auto_rollback":
      return `Switch automatic rollback of ${requested.feature} ${requested.enabled ? "on" : "off"}`;
    case "list": {
      const { action, list, feature, entries } = requested;
      const [verb, link] = action === "add" ? ["Add", "to"] : ["Remove", "from"];
      return `${verb} ${nameThem(entries)} ${link} the ${list} of ${feature}`;
    }
    case "test_repositories": {
      const { action, repositories } = requested;
      const what = repositories.length === 1 ? "test repository" : "test repositories";
      return `${action === "mark" ? "Mark" : "Unmark"} ${nameThem(repositories)} as ${what}`;
    }
    case "resume":
      return resumeTitle(requested.targets);
  }
}
function factTexts(requested) {
  switch (requested.code) {
    case "add":
      return [
        requested.whitelist > 0 ? `Only its whitelist (${requested.whitelist}) is exposed before it is started.` : "Nobody is exposed to it before it is started."
      ];
    case "set":
      return [`From ${requested.from}% to ${requested.to}%.`];
    case "advance": {
      const gate = advanceText(requested.gate);
      const why = requested.forced ? `forced; the gate ${gate}` : gate;
      return [`From ${requested.from}% to ${requested.to ?? requested.from}%: ${why}.`];
    }
    case "auto_rollback":
      return [];
    case "list":
      return [`${requested.action === "add" ? "Add" : "Remove"}: ${requested.entries.join(", ")}.`];
    case "test_repositories":
      return [`${requested.action === "mark" ? "Mark" : "Unmark"}: ${requested.repositories.join(", ")}.`];
    case "resume":
      return requested.targets.map(resumeFact);
  }
}
function nameThem(entries) {
  return entries.length === 1 ? entries[0] ?? "" : `${entries.length} entries`;
}
function resumeTitle(targets) {
  const [first] = targets;
  if (!first) return "Resume";
  if (targets.length > 1) return `Resume ${counted(targets.length, "feature")}`;
  return `Resume ${first.feature} at ${targetWord(first)}`;
}
function resumeFact(target) {
  const { feature, incident, before } = target;
  const was = before ? `, before it ${before.active ? `${before.percentage}%` : "off"}` : "";
  const held = incident ? `, held by incident ${incident.id} (${oneLine(incident.reason)})${was}` : "";
  return `${feature}: to ${targetWord(target)}${held}.`;
}
function targetWord({ active, percentage }) {
  if (!active) return "off, as it was before";
  return percentage === null ? "its whitelist" : `${percentage}%`;
}

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
    case "quarantined":
      return `${note.subjects.map((one) => harmless(one)).join(", ")}; resume with: rollout resume ${note.feature} --subject ID --reason "..."`;
    case "quarantine_full":
      return `at most ${note.most} subjects are put into quarantine in an epoch, so the ramp is frozen`;
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
function breakerText({ processor, open, half_open }) {
  const probing = half_open > 0 ? `, ${counted(half_open, "process", "processes")} of them probing it` : "";
  return `breaker of ${harmless(processor, 100)}: jobs go to the fallback in ${counted(open + half_open, "process", "processes")}${probing}`;
}
var RULES = {
  recent: "recent days",
  small_batch: "small batch",
  manual: "manual",
  historical: "older days",
  large_batch: "large batch",
  scheduled: "scheduled",
  default: "no other rule",
  breaker: "breaker open",
  not_eligible: "not eligible"
};
function ruleText(rule) {
  return RULES[rule];
}
function ruleLastText({ epoch, last_day }) {
  if (epoch > 0 && last_day !== null) return last_day;
  return last_day === null ? "never in this epoch" : `never in this epoch, before it ${last_day}`;
}
function quarantineText(one) {
  const { feature, jobs, failed, began_at, write_back, write_back_pull_request } = one;
  const file = write_back === "done" ? "the file blacklists it" : write_back_pull_request === null ? "the file does not say so yet" : `#${write_back_pull_request} blacklists it in the file`;
  return `${harmless(calledBy(one), 255)} is in quarantine of ${harmless(feature, 255)} since ${moment(began_at)} (${failed} of ${jobs} jobs failed; ${file}); resume with: rollout resume ${harmless(feature, 255)} --subject ${harmless(one.subject, 255)} --reason "..."`;
}

// src/report/text/health/rolled-back-text.ts
var LONGEST_REASON = 200;
function rolledBackText(feature, rolledBack) {
  const { incident, reason } = rolledBack;
  const why = rolledBackNumbers(rolledBack) ?? harmless(reason, LONGEST_REASON).replace(/[.;]$/, "");
  const next = `rollout resume ${harmless(feature, 255)} --reason "..."`;
  return `rolled back, incident ${incident}: ${why}; ${next}`;
}
function rolledBackNumbers({ evidence }) {
  if (evidence === null) return null;
  const { scope, jobs, errors, control_jobs, control_errors } = evidence;
  const where = scope === "all" ? "" : ` in category ${harmless(scope)}`;
  const control = control_jobs === 0 ? "no job" : `${count(control_errors)} of ${count(control_jobs)}`;
  return `${count(errors)} of ${count(jobs)} failed${where}, control ${control}`;
}

export {
  rolledBackText,
  rolledBackNumbers,
  titleText,
  factTexts,
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
  adoptedText,
  breakerText,
  ruleText,
  ruleLastText,
  quarantineText
};
