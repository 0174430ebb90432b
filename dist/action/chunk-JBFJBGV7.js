import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  EXPOSURE_FIELDS
} from "./chunk-JTZVFYRV.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import {
  characterInWords
} from "./chunk-XRYC3SR4.js";

// src/domain/policy/proof.ts
var OWN_FIELDS = [
  ...EXPOSURE_FIELDS,
  ...["paused", "steps", "advance", "hours", "not_before", "cutoff", "description", "owner"]
];
var OLDEST_S = 86400;
function differingFields(one, other) {
  const [a, b] = [one, other].map((spec) => spec);
  const names = /* @__PURE__ */ new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].filter((name) => !OWN_FIELDS.includes(name) && !same(a?.[name], b?.[name])).sort();
}
function unproved({ soak }, spec, elsewhere) {
  if (elsewhere.state === "unknown") return { code: "unknown", why: elsewhere.why };
  if (elsewhere.state === "absent") return { code: "absent" };
  const fields = differingFields(spec, elsewhere.spec);
  if (fields.length > 0) return { code: "differs", fields };
  if (!elsewhere.admits) return { code: "off" };
  const { verdict, healthy_seconds, checked_seconds_ago } = elsewhere;
  if (verdict !== "healthy") return { code: "unhealthy", verdict };
  if (checked_seconds_ago > OLDEST_S) return { code: "old", seconds: checked_seconds_ago };
  return healthy_seconds < soak ? { code: "young", seconds: healthy_seconds, soak } : null;
}
function notProved(promotes, spec, elsewhere) {
  if (promotes === void 0) return [];
  const because = unproved(promotes, spec, elsewhere ?? { state: "unknown", why: "nobody looked" });
  return because === null ? [] : [{ code: "not_proved", from: promotes.from, because }];
}

// src/domain/spec/subject-id.ts
var LONGEST_SUBJECT = 512;
var REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;
function subjectProblem(text) {
  if (text === "") return "must not be empty";
  const length = lengthOf(text);
  if (length > LONGEST_SUBJECT) {
    return `must have at most ${LONGEST_SUBJECT} characters, and has ${length}`;
  }
  const refused = refusedCharacter(text);
  if (refused !== null) return `must not contain ${refused}`;
  return text === text.trim() ? null : "must not begin or end with a space";
}
function refusedCharacter(text) {
  const found = REFUSED.exec(text)?.[0];
  return found === void 0 ? null : characterInWords(found);
}
function lengthOf(text) {
  return text.length > 4 * LONGEST_SUBJECT ? text.length : Array.from(text).length;
}

export {
  OWN_FIELDS,
  notProved,
  subjectProblem,
  refusedCharacter
};
