import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  costProblemText,
  counted,
  moment,
  overBudgetText,
  share
} from "./chunk-ECMGPDJJ.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  atMinute,
  minuteOf
} from "./chunk-264FZAQV.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

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

// src/report/words/wait-words.ts
function advanceText(gated) {
  const then = gated.next?.approve ? `; a person approves ${gated.next.percentage}% by a pull request` : "";
  return `${gateText(gated)}${then}`;
}
function gateText({ wait, step }) {
  if (wait === null) return `healthy for the whole soak: ${failedText(step)}`;
  switch (wait.code) {
    case "no_steps":
    case "last_step":
    case "person":
      return waitText(wait);
    default:
      return `waits: ${waitText(wait)}`;
  }
}
function waitText(wait) {
  switch (wait.code) {
    case "no_steps":
      return "no steps";
    case "last_step":
      return "at the last step";
    case "held":
      return "held by an incident";
    case "paused":
      return "paused";
    case "freeze":
      return `freeze until ${wait.to} (${wait.reason})`;
    case "cutoff":
      return `its cutoff, ${wait.day}, has passed; set a later cutoff to go on`;
    case "not_before":
      return `not before ${wait.day}`;
    case "verdict":
      return `${verdictWord(wait.verdict)}, ${wait.reason}`;
    case "few_jobs":
      return `${wait.jobs} of ${wait.needed} jobs of this step have finished`;
    case "failing":
      return `${wait.errors} of ${wait.jobs} jobs of this step failed: ${share(wait.errors, wait.jobs)}, above advance_error_rate ${wait.limit}%`;
    case "soak":
      return `${durationText(wait.left_seconds)} of the soak left`;
    case "no_job_of_step":
      return "no job of this step has finished yet";
    case "newest_job_old":
      return `no job has finished for ${durationText(wait.age_seconds)}; the newest must be at most ${durationText(wait.most_seconds)} old`;
    case "silent_hours":
      return `jobs finished in ${wait.heard} of the ${wait.expected} hours of the soak that had any the day before`;
    case "over_budget":
      return `${overBudgetText(wait)}; raise budget.${wait.over} to go on`;
    case "cost_unknown":
      return `the cost of the next step is not known: ${costProblemText(wait.problem)}`;
    case "hours":
      return `outside its hours, which begin at ${moment(wait.opens)} (${wait.zone})`;
    case "person":
      return `ready for ${wait.percentage}%: waits for a person`;
  }
}
function failedText({ jobs, errors }) {
  return `${errors} of ${jobs} jobs of this step failed (${share(errors, jobs)})`;
}

export {
  notYetText,
  advanceText,
  waitText
};
