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
  const { advanceFeature } = await import("./advance-22MV7O72.js");
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
