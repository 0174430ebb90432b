import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  characterInWords
} from "./chunk-TVORLO7R.js";

// src/domain/spec/spec.ts
function asResolved(kept) {
  return kept;
}
var EXPOSURE_FIELDS = [
  "active",
  "emergency_stop",
  "strategy",
  "percentage",
  "categories",
  "whitelist",
  "blacklist",
  "salt"
];
function canonicalJson(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value;
  const pairs = Object.keys(record).sort().filter((key) => record[key] !== void 0).map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${pairs.join(",")}}`;
}
function exposureOf(spec) {
  return {
    active: spec.active,
    emergency_stop: spec.emergency_stop,
    strategy: spec.strategy,
    percentage: spec.percentage,
    categories: spec.categories === null ? null : [...spec.categories],
    whitelist: [...spec.whitelist],
    blacklist: [...spec.blacklist],
    salt: spec.salt
  };
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
  asResolved,
  EXPOSURE_FIELDS,
  canonicalJson,
  exposureOf,
  subjectProblem
};
