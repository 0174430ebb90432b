import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<< HEAD:dist/action/resume-W46G6NDY.js
} from "./chunk-24GMUM6Y.js";
import "./chunk-MJ7W7REP.js";
import "./chunk-MPC7A7DP.js";
=======
} from "./chunk-UEFJJDLG.js";
import "./chunk-HTAVCGXC.js";
import "./chunk-PRVGM652.js";
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/resume-QMZIRJQO.js
import "./chunk-VDVZ4JP5.js";
import "./chunk-UNXCGD26.js";
import "./chunk-HXCYHWXJ.js";
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
<<<<<<< HEAD:dist/action/resume-W46G6NDY.js
<<<<<<<< HEAD:dist/action/resume-LQRYBDMN.js
  const { resumeAll, resumeFeature } = await import("./resume-MLQLHZ7Q.js");
========
  const { resumeAll, resumeFeature } = await import("./resume-W6KWTL7G.js");
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/resume-W46G6NDY.js
=======
  const { resumeAll, resumeFeature } = await import("./resume-JKLSTDY2.js");
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/resume-QMZIRJQO.js
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
