import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-RYFABO5E.js";
import "./chunk-VK5YELCJ.js";
import "./chunk-5IK5XIXG.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-3AD7HRVE.js";
import "./chunk-OINFRU4D.js";
import {
  UNLATCHED,
  skippedText
} from "./chunk-7T4UH6EQ.js";
import "./chunk-HQTBTWGZ.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  reasonOf,
  requireFeature,
  resumeExit
} from "./chunk-634O3N6F.js";
import "./chunk-V4LOPUOC.js";
import "./chunk-7I4SMEXG.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-6XXLSJON.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/resume.ts
var run = (session) => changing(session, (opened) => resumed(session, opened), ended);
async function resumed({ inputs }, opened) {
  const reason = reasonOf(inputs, "resume");
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request", reason };
  const { resumeAll, resumeFeature } = await import("./resume-BZJC3ULH.js");
  if (!inputs.all) {
    const percentage = inputs.percentage ?? void 0;
    return resumeFeature(opened, { ...how, feature: requireFeature(inputs), percentage });
  }
  if (inputs.feature === null && inputs.percentage === null) return resumeAll(opened, how);
  throw new RolloutError("usage", "all contradicts a feature or a percentage", {
    hint: "leave one of them out: all resumes each feature as far as the file says"
  });
}
function ended(outcome) {
  const { unlatched, skipped } = outcome;
  return {
    exit: resumeExit(outcome),
    done: unlatched ? [UNLATCHED] : [],
    held: skipped.map(skippedText)
  };
}
export {
  run
};
