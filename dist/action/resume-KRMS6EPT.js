import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-QWW4KZ4P.js";
import "./chunk-4Q3CSMQS.js";
import "./chunk-KQLPT2UA.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import {
  UNLATCHED,
  skippedText
} from "./chunk-PZ5KB25M.js";
import "./chunk-W745OMOY.js";
import "./chunk-T5626FO5.js";
import "./chunk-7GX6HEGV.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  reasonOf,
  requireFeature,
  resumeExit
} from "./chunk-EJ26GJJ2.js";
import "./chunk-WOQ3VDXT.js";
import "./chunk-ZRPESTUR.js";
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
  const { resumeAll, resumeFeature } = await import("./resume-Q4KBUZ6B.js");
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
