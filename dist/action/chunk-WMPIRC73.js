import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  holdBranch
} from "./chunk-7MO6NAHE.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/incidents/incident-issues.ts
import { createHash } from "node:crypto";
var MOST_AT_ONCE = 20;
var AWAY = /* @__PURE__ */ new Set(["github_unreachable", "github_limited"]);
async function tellIncidents({ store, repository, tracker, words }) {
  if (!tracker) return { problems: [], warnings: [] };
  const { incidents, environment } = await store.reading(async (read) => ({
    incidents: await read.incidents.toTell(),
    environment: (await read.state()).environment
  }));
  const due = incidents.map((one) => ({ one, issue: issueOf(words, one, environment) })).filter(({ one, issue }) => isDue(one, issue)).sort((a, b) => Number(onlyUnsure(a)) - Number(onlyUnsure(b)));
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
      await store.incidents.markIssue(one.incident, await tell(tracker, one, issue));
    } catch (error) {
      if (isOff(error)) {
        if (!incidents.some(({ issue_state }) => issue_state === "off")) warnings.push(messageOf(error));
        for (const { one: one2, issue: issue2 } of due)
          await store.incidents.markIssue(one2.incident, switchedOff(one2, issue2));
        break;
      }
      problems.push(`the issue of incident ${one.incident} (${one.feature}) waits: ${messageOf(error)}`);
      if (failsForAll(error)) break;
    }
  }
  return { problems, warnings };
}
function isDue({ issue_state, issue_digest, issue_closed }, issue) {
  return issue_state !== "told" || issue_digest !== digestOf(issue) || issue.open === issue_closed;
}
function switchedOff({ issue_number }, issue) {
  return { number: issue_number, state: "off", digest: digestOf(issue), closed: !issue.open };
}
async function tell(tracker, one, issue) {
  const found = one.issue_state === "unsure" ? await tracker.onlyOne(issue) : null;
  const number = found ?? issue.number;
  const told = { state: "told", digest: digestOf(issue), closed: !issue.open };
  if (number !== null && onlyUnsure({ one, issue })) return { number, ...told };
  const put = await tracker.put({ ...issue, number });
  return put.created ? { number: put.number, state: "unsure", digest: told.digest, closed: false } : { number: put.number, ...told };
}
function onlyUnsure({ one, issue }) {
  return one.issue_state === "unsure" && one.issue_digest === digestOf(issue);
}
function wasProposed({ write_back_pull_request, write_back_url }) {
  return write_back_pull_request !== null || write_back_url !== null;
}
function issueOf(words, one, environment) {
  return {
    incident: `${environment ?? UNNAMED}/${one.incident}`,
    number: one.issue_number,
    opened_at: one.opened_at,
    owner: one.owner,
    ...words.issue(one, environment === UNNAMED ? null : environment),
    open: one.state === "open"
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
