import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  notYetText
} from "./chunk-5LPR4R5C.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/report/guardrails/guardrail-text.ts
var LONGEST_SENTENCE = 500;
function guardrailText(style, one, feature) {
  const say = one.verdict === "healthy" ? style.good : worried(one) ? style.warn : style.dim;
  const effect = `${one.on_harm}${one.dry_run ? ", dry run" : ""} at ${one.limit}%`;
  const notYet = one.not_yet ? `; it may not roll back yet: ${notYetText(one.not_yet, feature)}` : "";
  return `guardrail ${harmless(one.metric)}: ${say(guardrailWord(one))} (${effect}): ${harmless(one.reason + notYet, LONGEST_SENTENCE)}`;
}
function guardrailWord({ verdict }) {
  if (verdict === "no_data") return "no events";
  return verdict === "insufficient" ? "not enough events yet" : verdictWord(verdict);
}
function worried({ verdict }) {
  return verdict === "warning" || verdict === "suspect" || verdict === "harmful" || verdict === "error";
}

export {
  guardrailText,
  guardrailWord
};
