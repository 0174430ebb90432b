import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<<< HEAD:dist/action/resume-DAZ3ULRS.js
} from "./chunk-Z7JBLNEK.js";
import "./chunk-DF6LNGCE.js";
import "./chunk-SIJCGFRR.js";
import "./chunk-VDVZ4JP5.js";
========
} from "./chunk-6VWBAM5F.js";
import "./chunk-667GZHZT.js";
import "./chunk-P25OJV7U.js";
import "./chunk-RWOWFBLH.js";
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/resume-V7AQ6SYX.js
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
<<<<<<<< HEAD:dist/action/resume-DAZ3ULRS.js
  const { resumeAll, resumeFeature } = await import("./resume-VSND6VDQ.js");
========
  const { resumeAll, resumeFeature } = await import("./resume-VEI55NPQ.js");
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/resume-V7AQ6SYX.js
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
