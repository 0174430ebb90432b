import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<<< HEAD:dist/action/advance-IFIOAZ22.js
} from "./chunk-Z7JBLNEK.js";
import "./chunk-DF6LNGCE.js";
import "./chunk-SIJCGFRR.js";
import "./chunk-VDVZ4JP5.js";
========
} from "./chunk-6VWBAM5F.js";
import "./chunk-667GZHZT.js";
import "./chunk-P25OJV7U.js";
import "./chunk-RWOWFBLH.js";
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/advance-6BYSWC7W.js
import "./chunk-UNXCGD26.js";
import "./chunk-4KCFGPCE.js";
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
<<<<<<<< HEAD:dist/action/advance-IFIOAZ22.js
  const { advanceFeature } = await import("./advance-6WMVDZSF.js");
========
  const { advanceFeature } = await import("./advance-E6RLLFCF.js");
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/advance-6BYSWC7W.js
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
