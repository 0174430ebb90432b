import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  codeMarkdown,
  escapeMarkdown,
  planMarkdown
} from "./chunk-BU5IQBJI.js";
import {
  factTexts,
  rolledBackNumbers,
  titleText
} from "./chunk-VGIYVSO5.js";
import {
  advanceText
} from "./chunk-5LPR4R5C.js";
import {
  capped
} from "./chunk-MQGN5AR4.js";
import {
  standingWord
} from "./chunk-DYJMHHBQ.js";
import {
  breachText,
  commit,
  emptyFileText,
  moment,
  reasonText,
  reducedText,
  testsBreachText
} from "./chunk-ECMGPDJJ.js";
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
      return `${feature} was not judged by the guardrail ${notice.metric} from ${moment(notice.from)} to ${moment(notice.until)}: ${notice.problem ?? "the engine was not read for longer than 6 hours"}; look at its series of that time`;
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
      return `${feature} does not advance: ${notice.reason}; observe events of ${notice.metric}, or remove the guardrail`;
    case "percentage_changed": {
      const why = notice.reason === null ? "" : `: ${harmless(notice.reason, LONGEST_LINE)}`;
      return `${feature} went from ${notice.from}% to ${notice.to}%, by ${harmless(notice.by, 200)}${why}`;
    }
    case "receiver_missing":
      return notice.problem === "unset" ? `notify in the file names ${notice.variable}, which is not set: its receiver gets nothing; set it in the environment of tick and serve, or remove the route` : `notify in the file names ${notice.variable}, whose value is not a URL: its receiver gets nothing; its value begins with https://`;
    case "source_unread":
      return "the view rollout_repository_source could not be taken over, so the registry stays as it was; to see why, run: rollout categorize";
    case "test":
      return `this is a test of notifications about ${feature ?? "the controller"}; nothing happened, and nothing is to be done`;
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

// src/report/kept.ts
var words = {
  gate: advanceText,
  breach: breachText,
  testsBreach: testsBreachText,
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

export {
  outcomeMarkdown,
  notReconciledMarkdown,
  printedText,
  words
};
