import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  counted,
  moment
} from "./chunk-7I4SMEXG.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  atMinute,
  minuteOf
} from "./chunk-264FZAQV.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/report/words/not-yet.ts
function notYetText(notYet, feature) {
  const again = `run: rollout back-test ${feature}`;
  switch (notYet.code) {
    case "no_correlation":
      return `its metric does not tell subjects apart; measure its bursts: ${again}`;
    case "not_tested":
      return `it was never back-tested; ${again}`;
    case "queries_changed":
      return `its queries changed since its back-test; ${again}`;
    case "limit_lowered":
      return `its limit is ${notYet.limit}% and was back-tested at ${notYet.tested}%; ${again}`;
    case "too_few_days":
      return `its back-test found events on ${counted(notYet.days, "day")} of the ${notYet.needed} that are needed; wait, then ${again}`;
    case "false_alarms":
      return `in its back-test it would have acted ${counted(notYet.count, "time")}, last at ${moment(atMinute(minuteOf(new Date(notYet.last))))}; raise its limit or find the cause, then ${again}`;
    case "limit_not_above":
      return `its limit ${notYet.limit}% is not above the measured share of ${Number(notYet.share.toFixed(2))}%; raise it, then ${again}`;
    case "not_measured":
      return `its back-test had too few bad events to measure bursts; write advanced: { correlation: 1 }, not ${notYet.written}`;
    case "correlation_below":
      return `advanced.correlation is ${notYet.written}, and its back-test measured ${notYet.least}; write advanced: { correlation: ${notYet.least} }`;
  }
}

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
