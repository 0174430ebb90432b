import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  codeMarkdown,
  escapeMarkdown,
  planMarkdown
} from "./chunk-W745OMOY.js";
import {
  rolledBackNumbers
} from "./chunk-T5626FO5.js";
import {
  advanceText
} from "./chunk-7GX6HEGV.js";
import {
  calledBy
} from "./chunk-NSWKCLK7.js";
import {
  capped
} from "./chunk-MQGN5AR4.js";
import {
  breachText,
  emptyFileText,
  reasonText,
  reducedText,
  standingWord
} from "./chunk-WOQ3VDXT.js";
import {
  commit,
  counted,
  moment
} from "./chunk-ZRPESTUR.js";
import {
  harmless,
  oneLine
} from "./chunk-XRYC3SR4.js";

// src/report/words/notice-words.ts
var LONGEST_LINE = 1e3;
function noticeText(notice) {
  const { feature } = notice;
  switch (notice.kind) {
    case "still_exposed":
      return `${feature} was rolled back, but the database still admits ${notice.eligible} subjects; run: rollout stop ${feature} --reason "still exposed"`;
    case "quarantined":
      return `${notice.subjects.map((one) => harmless(one, 200)).join(", ")} left ${feature} and ${notice.subjects.length === 1 ? "is" : "are"} in quarantine: ${notice.reason}; once fixed, run: rollout resume ${feature} --subject ${harmless(notice.subjects[0] ?? "ID", 200)} --reason "..."`;
    case "cutoff_missed":
      return `${feature} is at ${notice.percentage}% after its cutoff, ${notice.day}, and takes no more steps; set a later cutoff, or remove it from the file`;
    case "steps_lost":
      return `${feature} was not judged by the guardrail ${notice.metric} from ${moment(notice.from)} to ${moment(notice.until)}: the engine was not read for longer than 6 hours; look at its series of that time`;
    case "harmful":
      return notice.kept ? `${feature} does harm and is not rolled back, because rollback.enabled is false: ${notice.reason}` : `${feature} does harm: ${notice.reason}`;
    case "suspect":
      return `${feature} is suspect, its ramp is frozen: ${notice.reason}`;
    case "error":
      return `${feature} could not be judged: ${notice.reason}`;
    case "warning":
      return `${feature} is worth a look: ${notice.reason}`;
    case "recovered":
      return `${feature} is healthy again: ${notice.reason}`;
    case "guardrail_harm":
      return `${feature} exceeds a limit that only warns: ${notice.reason}`;
    case "guardrail_unread":
      return `${feature} does not advance: ${notice.reason}`;
    case "guardrail_silent":
      return `${feature} does not advance: ${notice.reason}; observe events of ${notice.metric}, or take the guardrail out`;
    case "no_data":
      return `${feature} is live, but ${notice.reason}`;
  }
}
function printedText({ severity, message }) {
  return `${severity}: ${harmless(message, LONGEST_LINE)}`;
}

// src/report/markdown/incident-markdown.ts
var WHAT = {
  rollback: "was rolled back",
  emergency_stop: "was stopped",
  drift: "was lowered by hand"
};
function incidentTitle({ feature, kind, before, incident }, environment) {
  const from = before?.active ? ` from ${before.percentage}%` : "";
  return `${harmless(feature, 100)} ${WHAT[kind]}${from} (${environment === null ? "" : `${harmless(environment, 100)}, `}incident ${incident})`;
}
function incidentMarkdown(one) {
  const { kind, reason, held, before, severity, opened_at, opened_by } = one;
  const rows = [
    ["why", escapeMarkdown(reason)],
    ["since", `${moment(opened_at)}, by ${escapeMarkdown(opened_by)}`],
    ["severity", escapeMarkdown(severity)],
    ["before", before ? standing(before) : "not known"],
    ["now", standing(held)],
    ["the file", fileSays(one)]
  ];
  return [
    `**${escapeMarkdown(one.feature)}** ${WHAT[kind]}. The database is safe already.`,
    "",
    "| | |",
    "| --- | --- |",
    ...rows.map(([name, text]) => `| ${name} | ${text} |`),
    "",
    ...waysOut(one)
  ].join("\n");
}
function incidentEnding({
  state,
  settled_by,
  resumed_by,
  superseded_by
}) {
  switch (state) {
    case "open":
      return null;
    case "settled":
      return `Settled: the file agrees${settled_by === null ? "" : ` since ${commit(settled_by)}`}.`;
    case "resumed":
      return `Resumed${resumed_by === null ? "" : ` by ${escapeMarkdown(resumed_by)}`}.`;
    case "superseded":
      return `Superseded${superseded_by === null ? "" : ` by incident ${superseded_by}`}: something stronger holds the feature now.`;
  }
}
function standing({ active, emergency_stop, percentage, strategy }) {
  if (emergency_stop) return "stopped";
  if (!active) return "off";
  return strategy === "whitelist" ? "the whitelist" : `${percentage}%`;
}
function fileSays(one) {
  const { write_back, write_back_commit, write_back_pull_request, write_back_error, write_back_url } = one;
  if (write_back === "handed_on") return `is for incident ${one.superseded_by ?? "?"} to change`;
  if (write_back_url !== null) {
    return `waits until a person [opens the pull request](${write_back_url.replace(/[()\s<>|]/g, encodeURIComponent)})`;
  }
  const why = write_back_error === null ? "" : `: ${escapeMarkdown(write_back_error)}`;
  switch (write_back) {
    case "pending":
      return `is not written back yet${why}`;
    case "proposed":
      return `waits until #${write_back_pull_request ?? "?"} is merged${why}`;
    case "done":
      return write_back_commit === null ? "agrees" : `was written in ${commit(write_back_commit)}`;
    case "not_needed":
      return "agrees";
  }
}
function waysOut(one) {
  const ending = incidentEnding(one);
  if (ending !== null) return [ending];
  const key = one.feature.replace(/[^\w-]/g, "?");
  return [
    "Nothing raises it until a person says so. The ways out:",
    "",
    "- Let the file agree: merge the write-back. The incident is settled then, and the feature stays as it is now.",
    `- Raise it again, when the cause is gone: \`rollout resume ${key} --reason "..."\`, or the workflow *operate*.`,
    ...one.permit_until === null ? [] : ["", `A person has leave to raise it until ${moment(one.permit_until)}.`]
  ];
}

// src/report/markdown/outcome-markdown.ts
var HALF = 3e4;
var LONGEST_REASON = 300;
function outcomeMarkdown(plan, environment) {
  const of = (...actions) => plan.changes.filter(({ action }) => actions.includes(action)).map(({ feature }) => codeMarkdown(feature));
  const kept = [...of("held"), ...of("refused")];
  const applied = plan.changes.length - kept.length;
  const at = plan.revision === null ? "" : ` at ${codeMarkdown(commit(plan.revision))}`;
  const nothing = plan.problems.some(({ severity }) => severity === "error") ? "Not applied" : "Nothing to do";
  const title = applied > 0 ? "Applied" : kept.length > 0 ? "Not live" : nothing;
  const lines = [
    `### Rollout${environment === null ? "" : ` in ${escapeMarkdown(environment)}`}: ${title}${at}`,
    "",
    ...kept.length > 0 ? [`Not live: ${kept.join(", ")}`, ""] : [],
    planMarkdown({ ...plan, revision: null })
  ];
  return capped(lines.join("\n").trimEnd(), HALF);
}
function notReconciledMarkdown(message, environment) {
  const where = environment === null ? "" : ` in ${escapeMarkdown(environment)}`;
  return `### Rollout${where}: Not applied

:x: ${escapeMarkdown(harmless(message, 1e3))}`;
}
function sinceMarkdown(incidents) {
  const lines = incidents.map((one) => {
    const ended = incidentEnding({ ...one, settled_by: null });
    const numbers = rolledBackNumbers(one);
    const why = numbers ?? harmless(one.reason, LONGEST_REASON).replace(/[.;]$/, "");
    const next = one.state === "resumed" || one.state === "superseded" ? "" : ` To go on when the cause is gone: ${codeMarkdown(`rollout resume ${one.feature} --reason "..."`)}.`;
    const after = ended === null ? "" : ` ${ended}`;
    return `- ${codeMarkdown(one.feature)} was ${WHAT2[one.kind]}, incident ${one.incident}, ${moment(one.opened_at)}: ${escapeMarkdown(why)}.${after}${next}`;
  });
  return capped(["**Since then**", "", ...lines].join("\n"), HALF);
}
var WHAT2 = {
  rollback: "rolled back",
  emergency_stop: "stopped",
  drift: "lowered by hand"
};

// src/report/markdown/write-back-message.ts
function writeBackMessage(incidents) {
  const [first] = incidents;
  const names = incidents.map(({ feature }) => feature).join(", ");
  const title = incidents.length === 1 && first ? `${VERBS[first.kind]} ${first.feature}` : `Roll back ${names}`;
  const facts = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) => `${feature}: ${oneLine(reason)}
${percentages(before, held)}, incident ${incident} of ${opened_at.toISOString()}`
  );
  return { title: oneLine(title), body: [...facts, EFFECT].join("\n\n"), proposal: proposalFor(incidents) };
}
var EFFECT = "Already in effect in the database: merging this changes 0 subjects.";
function proposalFor(incidents) {
  const sections = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) => [
      `**${escapeMarkdown(feature)}** ${percentages(before, held)}: ${escapeMarkdown(reason)}`,
      "",
      `Incident ${incident} of ${opened_at.toISOString()}.`
    ].join("\n")
  );
  const lifts = "Merging brings the file in line. Closing this unmerged lifts nothing: it is opened again until the file agrees or a person resumes the feature.";
  return [...sections, `${EFFECT} ${lifts}`].join("\n\n");
}
var VERBS = {
  rollback: "Roll back",
  emergency_stop: "Stop",
  drift: "Lower"
};
function percentages(before, held) {
  const to = held.emergency_stop ? "stopped" : held.active ? `${held.percentage}%` : "off";
  return before ? `from ${before.percentage}% to ${to}` : `to ${to}`;
}

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

// src/report/kept.ts
var words = {
  gate: advanceText,
  breach: breachText,
  notice: noticeText,
  reason: reasonText,
  reduced: reducedText,
  emptyFile: emptyFileText,
  title: titleText,
  facts: factTexts,
  issue: (incident, environment) => ({
    title: incidentTitle(incident, environment),
    body: incidentMarkdown(incident),
    closing: incidentEnding(incident)
  }),
  writeBack: writeBackMessage,
  sinceMerged: sinceMarkdown,
  deployment: (standing2, before, reason) => {
    const was = before === null ? "" : `, was ${before}%`;
    return `${standingWord(standing2)}${was}: ${reason.replace(/\s+/g, " ")}`;
  }
};

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
function quarantineText(one) {
  const { feature, jobs, failed, began_at, write_back, write_back_pull_request } = one;
  const file = write_back === "done" ? "the file blacklists it" : write_back_pull_request === null ? "the file does not say so yet" : `#${write_back_pull_request} blacklists it in the file`;
  return `${harmless(calledBy(one), 255)} is in quarantine of ${harmless(feature, 255)} since ${moment(began_at)} (${failed} of ${jobs} jobs failed; ${file}); resume with: rollout resume ${harmless(feature, 255)} --subject ${harmless(one.subject, 255)} --reason "..."`;
}

export {
  outcomeMarkdown,
  notReconciledMarkdown,
  printedText,
  titleText,
  words,
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
  quarantineText
};
