import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  holdBranch
} from "./chunk-G7JEWZ3B.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  commit,
  moment
} from "./chunk-NEFFZZXS.js";
import {
  escapeMarkdown
} from "./chunk-VFLSN5YF.js";
import {
  harmless
} from "./chunk-WKAZRE6W.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/incident-issues.ts
import { createHash } from "node:crypto";

// src/report/incident-markdown.ts
var WHAT = {
  rollback: "was taken back",
  emergency_stop: "was stopped",
  drift: "was lowered by hand"
};
function incidentTitle({ feature, kind, before, incident }, environment) {
  const from = before?.active ? ` from ${before.percentage} %` : "";
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
  return strategy === "whitelist" ? "the whitelist" : `${percentage} %`;
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

// src/app/incident-issues.ts
var MOST_AT_ONCE = 20;
var UNSURE = "created ";
var OFF = "off";
var AWAY = /* @__PURE__ */ new Set(["github_unreachable", "github_limited"]);
async function tellIncidents({ store, repository, tracker }) {
  if (!tracker) return { problems: [], warnings: [] };
  const { incidents, environment } = await store.reading(async (read) => ({
    incidents: await read.incidentsToTell(),
    environment: (await read.state()).environment
  }));
  const due = incidents.map((one) => ({ one, issue: issueOf(one, environment) })).filter(({ one, issue }) => digestOf(issue) !== one.issue_digest || issue.open === one.issue_closed).sort((a, b) => Number(onlyUnsure(a)) - Number(onlyUnsure(b)));
  const held = new Set(incidents.filter(({ state }) => state === "open").map(({ feature }) => feature));
  const problems = [];
  const warnings = [];
  for (const { one, issue } of due.slice(0, MOST_AT_ONCE)) {
    try {
      if (!issue.open && wasProposed(one) && !held.has(one.feature)) {
        await repository.withdraw(
          holdBranch(environment, one.feature),
          `incident ${one.incident} is ${one.state}`
        );
      }
      await store.markIssue(one.incident, await tell(tracker, one, issue));
    } catch (error) {
      if (isOff(error)) {
        if (!incidents.some(({ issue_digest }) => issue_digest === OFF)) warnings.push(messageOf(error));
        for (const { one: one2, issue: issue2 } of due) await store.markIssue(one2.incident, switchedOff(one2, issue2));
        break;
      }
      problems.push(`the issue of incident ${one.incident} (${one.feature}) waits: ${messageOf(error)}`);
      if (failsForAll(error)) break;
    }
  }
  return { problems, warnings };
}
function switchedOff({ issue_number }, { open }) {
  return { number: issue_number, digest: OFF, closed: !open };
}
async function tell(tracker, one, issue) {
  const unsure = one.issue_digest?.startsWith(UNSURE) === true;
  const number = (unsure ? await tracker.onlyOne(issue) : null) ?? issue.number;
  const digest = digestOf(issue);
  if (number !== null && onlyUnsure({ one, issue })) return { number, digest, closed: !issue.open };
  const put = await tracker.put({ ...issue, number });
  return put.created ? { number: put.number, digest: `${UNSURE}${digest}`, closed: false } : { number: put.number, digest, closed: !issue.open };
}
function onlyUnsure({ one, issue }) {
  return one.issue_digest === `${UNSURE}${digestOf(issue)}`;
}
function wasProposed({ write_back_pull_request, write_back_url }) {
  return write_back_pull_request !== null || write_back_url !== null;
}
function issueOf(one, environment) {
  return {
    incident: `${environment ?? UNNAMED}/${one.incident}`,
    number: one.issue_number,
    opened_at: one.opened_at,
    title: incidentTitle(one, environment === UNNAMED ? null : environment),
    body: incidentMarkdown(one),
    open: one.state === "open",
    closing: incidentEnding(one)
  };
}
function digestOf({ title, body, open }) {
  return createHash("sha256").update(JSON.stringify([title, body, open])).digest("hex");
}
function failsForAll(error) {
  return error instanceof RolloutError && AWAY.has(error.code);
}
function isOff(error) {
  return error instanceof RolloutError && error.code === "github_off";
}
function messageOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error instanceof RolloutError && error.hint ? `${error.message}; ${error.hint}` : error.message;
}

export {
  tellIncidents,
  failsForAll,
  isOff,
  messageOf
};
