import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  FEATURE_STATES,
  unresolved
} from "./chunk-FIREXMHY.js";
import {
  waitText
} from "./chunk-5LPR4R5C.js";
import {
  capital,
  counted,
  moment,
  share
} from "./chunk-ECMGPDJJ.js";
import {
  compareText,
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

// src/domain/report/gravest-first.ts
function gravestFirst(features) {
  const place = ({ state }) => FEATURE_STATES.indexOf(state);
  return [...features].sort((a, b) => place(a) - place(b) || compareText(a.feature, b.feature));
}

// src/report/words/audience-words.ts
var MOST_VALUES = 5;
function audienceText({ where = {}, not = {}, group_by }) {
  const parts = [
    ...Object.entries(where).map(([attribute, values]) => `only ${valuesText(attribute, values)}`),
    ...Object.entries(not).map(([attribute, values]) => `not ${valuesText(attribute, values)}`),
    ...group_by === void 0 ? [] : [`by ${harmless(group_by)}`]
  ];
  return parts.length === 0 ? null : parts.join(", ");
}
function valuesText(attribute, values) {
  if (typeof values === "number") return `${harmless(attribute)} (${counted(values, "value")})`;
  const named = values.slice(0, MOST_VALUES).map((value) => harmless(value));
  const rest = values.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  const last = all.pop();
  return `${harmless(attribute)} ${all.length === 0 ? last : `${all.join(", ")} or ${last}`}`;
}

// src/report/words/feature-sentence.ts
var LONGEST_REASON = 300;
function stateSentence(facts) {
  const { state, since, stopped_by } = facts;
  const incident = unresolved(facts.incidents);
  if (state === "stopped") {
    if (!stopped_by) return `Stopped by the file since ${moment(since)}. Nobody is in.`;
    return `Stopped since ${moment(since)} by ${harmless(stopped_by.by)}: ${reasonText(stopped_by.reason)}. Nobody is in.`;
  }
  if (state === "held" && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. ${liveText(facts)}`;
  }
  if (state === "rolled_back" && incident) {
    return `${TAKEN[incident.kind]} on ${moment(since)}: ${reasonText(incident.reason)}. The file agrees. Nobody is in.`;
  }
  if (state === "off") return `Off since ${moment(since)}. Nobody is in.`;
  const { verdict } = facts.health;
  return `${liveText(facts)} ${capital(verdict ? reasonText(verdict.reason) : "not judged yet")}.`;
}
var TAKEN = {
  rollback: "Rolled back",
  emergency_stop: "Stopped",
  drift: "Reduced by hand"
};
function liveText({ subject, strategy, percentage, narrowing = {}, eligible, total }) {
  const people = subject === "repository" ? "repositories" : "customers";
  const one = subject === "repository" ? "repository" : "customer";
  const of = `${counted(eligible, one, people)} of ${counted(total, one, people).replace(/ .*/, "")}`;
  const audience = audienceText(narrowing);
  const among = audience === null ? "" : ` (${audience})`;
  if (eligible === 0 && total > 0) return `Nobody is in${among}.`;
  const where = strategy === "whitelist" ? "for the whitelist" : `at ${percentage}%${strategy === "repository_size" ? " by size" : ""}`;
  return `Live ${where}${among}: ${of} (${share(eligible, total)}).`;
}
function nextSentence(feature, { percentage, at, what }) {
  const goOn = `To go on: rollout resume ${feature} --reason "..."`;
  switch (what.code) {
    case "everything_stopped":
      return 'Everything is stopped; to go on: rollout resume --all --reason "..."';
    case "stopped_by_file":
      return "Nothing, until somebody removes emergency_stop from rollout.yaml.";
    case "resume":
      return what.incident === null ? `Nothing raises it by itself. ${goOn}` : `Nothing raises it while incident ${what.incident} is open.${fileText(what.file)} ${goOn}`;
    case "off":
      return "Nothing, until somebody switches it on in rollout.yaml.";
    case "no_steps":
      return "Nothing by itself: the file has no steps.";
    case "last_step":
      return "Nothing more: this is the last step.";
    case "ready":
      return `${percentage}% is next and may come now: ${WAYS[what.way]}.`;
    case "soak": {
      const besides = what.besides ? ` It also waits: ${harmless(waitText(what.besides), LONGEST_REASON)}.` : "";
      return `${percentage}% is next, not before ${at ? moment(at) : "the soak is over"} (${soakText(what.left_seconds)}) and only if it stays healthy; ${WAYS[what.way]}.${besides}`;
    }
    case "state":
      return `${percentage}% is next; it waits ${UNTIL[what.state]}.`;
    case "gate":
      return `${percentage}% is next; it waits: ${gateText(what.wait)}.`;
  }
}
function waitsForText({ what }) {
  switch (what.code) {
    case "everything_stopped":
    case "stopped_by_file":
    case "resume":
      return "a person";
    case "off":
    case "no_steps":
    case "last_step":
      return null;
    case "ready":
      return what.way === "manual" ? "a person" : null;
    case "soak":
      return soakText(what.left_seconds);
    case "state":
      return UNTIL[what.state];
    case "gate":
      return gateText(what.wait);
  }
}
function fileText(file) {
  switch (file?.code) {
    case "proposed":
      return ` The file still asks for more: pull request #${file.pull_request} brings it in line.`;
    case "pending":
      return " rollout.yaml has still to be brought in line.";
    default:
      return "";
  }
}
function soakText(seconds) {
  return `${durationText(seconds)} of the soak left`;
}
function gateText(wait) {
  return wait === null ? "a tick" : harmless(waitText(wait), LONGEST_REASON);
}
var UNTIL = {
  harmful: "until it is healthy again",
  error: "until it can be judged again",
  suspect: "until a person has looked and it is healthy again",
  warning: "until it is healthy again",
  no_data: "for finished jobs",
  gathering: "for enough finished jobs"
};
var WAYS = {
  manual: "a person runs rollout advance",
  pull_request: "the controller opens a pull request",
  commit: "the controller commits it"
};
function reasonText(reason) {
  return harmless(reason, LONGEST_REASON).replace(/\.$/, "");
}

export {
  gravestFirst,
  stateSentence,
  nextSentence,
  waitsForText
};
