import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-JRT5HV25.js";
import "./chunk-DXOH7TJB.js";
import "./chunk-246BXIVY.js";
import "./chunk-FCF7YI2T.js";
import "./chunk-HS7TEPYB.js";
import "./chunk-UNXCGD26.js";
import "./chunk-IAPGF2G6.js";
import "./chunk-NEFFZZXS.js";
import "./chunk-VFLSN5YF.js";
import {
  requireFeature,
  requireReason
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import "./chunk-WKAZRE6W.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/resume.ts
var run = (session) => changing(session, (opened) => resumed(session, opened), besides);
async function resumed({ inputs }, opened) {
  const reason = requireReason(inputs);
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request", reason };
  const { resumeAll, resumeFeature } = await import("./resume-A5SGEAEF.js");
  if (!inputs.all) {
    const percentage = inputs.percentage ?? void 0;
    return resumeFeature(opened, { ...how, feature: requireFeature(inputs), percentage });
  }
  if (inputs.feature === null && inputs.percentage === null) return resumeAll(opened, how);
  throw new RolloutError("usage", "all contradicts a feature or a percentage", {
    hint: "leave one of them out: all resumes each feature as far as the file says"
  });
}
function besides({ unlatched, skipped }) {
  return {
    done: unlatched ? ["the stop of everything is lifted"] : [],
    held: skipped.map(({ feature, reason }) => `${feature} stays held: ${reason}`)
  };
}
export {
  run
};
