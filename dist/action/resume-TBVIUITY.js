import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-GJEMD4OT.js";
import "./chunk-66FGITH6.js";
import "./chunk-6RJNLCC4.js";
import "./chunk-RWOWFBLH.js";
import "./chunk-UNXCGD26.js";
import "./chunk-4KCFGPCE.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import {
  requireFeature,
  requireReason
} from "./chunk-OBEJMKGW.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-CKZLTXIC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/resume.ts
var run = (session) => changing(session, (opened) => resumed(session, opened), besides);
async function resumed({ inputs }, opened) {
  const reason = requireReason(inputs);
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request", reason };
  const { resumeAll, resumeFeature } = await import("./resume-ATATETT7.js");
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
