import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-YYISYB3T.js";
import "./chunk-TDPXH3HK.js";
import {
  UNLATCHED,
  skippedText
} from "./chunk-ATR2ARMG.js";
import "./chunk-VZ6PZMBN.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-JVUT66EZ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-TL3N7MVK.js";
import "./chunk-GU4ICXZ5.js";
import "./chunk-B2NUAD26.js";
import {
  reasonOf,
  requireFeature,
  resumeExit
} from "./chunk-PGLGBJIK.js";
import "./chunk-36L5UVMJ.js";
import "./chunk-EMFE24EX.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-TVORLO7R.js";
import "./chunk-63QZTHAV.js";
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
  const { resumeAll, resumeFeature } = await import("./resume-QTBVBN74.js");
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
