import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  characterInWords
} from "./chunk-XRYC3SR4.js";

// src/domain/spec/subject-id.ts
var LONGEST_SUBJECT = 512;
var REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;
var GROUP = "";
function isGroup(subject) {
  return subject.startsWith(GROUP);
}
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

// src/domain/score/factor.ts
var ODDS_MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20];
function zeros() {
  return [0, 0, 0, 0, 0];
}
function costs(limit) {
  return ODDS_MULTIPLIERS.map((k) => Math.log1p((k - 1) * limit));
}

// src/domain/score/relative.ts
var TOLERATED_ODDS = 2;
function takeIn(strata, { stratum, arm, expected, failed }) {
  let sums = strata.get(stratum);
  if (!sums) {
    sums = { treatment: nothing(), control: nothing() };
    strata.set(stratum, sums);
  }
  sums[arm].expected += expected;
  sums[arm].failed += failed;
}
function nothing() {
  return { expected: 0, failed: 0 };
}
function relativeFactor(strata, toleratedOdds = TOLERATED_ODDS) {
  const sum = zeros();
  for (const { treatment, control } of strata.values()) {
    if (treatment.expected <= 0 || control.expected <= 0) continue;
    const failed = treatment.failed + control.failed;
    if (failed === 0) continue;
    const weighed = toleratedOdds * treatment.expected;
    const share = weighed / (weighed + control.expected);
    ODDS_MULTIPLIERS.forEach((k, i) => {
      const cost = failed * Math.log1p((k - 1) * share);
      sum[i] = (sum[i] ?? 0) + treatment.failed * Math.log(k) - cost;
    });
  }
  return sum;
}

export {
  isGroup,
  subjectProblem,
  refusedCharacter,
  ODDS_MULTIPLIERS,
  zeros,
  costs,
  TOLERATED_ODDS,
  takeIn,
  relativeFactor
};
