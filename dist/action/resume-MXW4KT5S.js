import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-2O3LPAKZ.js";
import "./chunk-6H2YRYDR.js";
import {
  UNLATCHED,
  skippedText
} from "./chunk-ZMYOQJJL.js";
import "./chunk-WONYRMUL.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-KUHDXCER.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-3JMXPQPC.js";
import "./chunk-2PRNUFQD.js";
import "./chunk-RTAFFW6T.js";
import {
  reasonOf,
  requireFeature,
  resumeExit
} from "./chunk-LEIDD7WW.js";
import "./chunk-4AGB2JV4.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
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
  const { resumeAll, resumeFeature } = await import("./resume-R2FKZYVJ.js");
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
