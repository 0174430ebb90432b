import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-VCOHHZ7X.js";
import "./chunk-CGGWW4I6.js";
import "./chunk-SIJCGFRR.js";
import "./chunk-VDVZ4JP5.js";
import "./chunk-UNXCGD26.js";
import "./chunk-HXCYHWXJ.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import {
  requireFeature
} from "./chunk-OBEJMKGW.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-CKZLTXIC.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
<<<<<<<< HEAD:dist/action/advance-2LLMPAPK.js
  const { advanceFeature } = await import("./advance-TYX3Y2K3.js");
========
  const { advanceFeature } = await import("./advance-TSLVQZPO.js");
>>>>>>>> 8d0dfe0 (A revert counts by what the file says, not by words alone: one that broke the file, one only said to be undone and one that waited on its branch passed as a resume; one question for all incidents of a commit):dist/action/advance-Y4LU5K65.js
  return advanceFeature(opened, {
    ...how,
    feature: requireFeature(inputs),
    environment,
    force: inputs.force
  });
});
export {
  run
};
