import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-I2HKZMPR.js";
import "./chunk-LEGZVUP2.js";
import "./chunk-7RXQ45KO.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-T2EP4OEY.js";
import "./chunk-5D2IIWNL.js";
import "./chunk-3C3HQMTD.js";
import {
  UNLATCHED,
  skippedText
} from "./chunk-VOBJIYG7.js";
import "./chunk-6KYF5XCW.js";
import "./chunk-MDYDXERU.js";
import "./chunk-IJK26YUE.js";
import "./chunk-GOHHRE6O.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  reasonOf,
  requireFeature,
  resumeExit
} from "./chunk-7D77H6H7.js";
import "./chunk-UZUM7I7A.js";
import "./chunk-MI5CWUI5.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-KJUUPPT4.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-RPGLZE3Y.js";
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
  const { resumeAll, resumeFeature } = await import("./resume-HKPBCVTT.js");
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
