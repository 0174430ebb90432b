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
  requireFeature
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
  const { advanceFeature } = await import("./advance-J3FCPUOE.js");
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
