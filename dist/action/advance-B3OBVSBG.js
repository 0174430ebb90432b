import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-KFDJ6P63.js";
import "./chunk-5TZFKEPJ.js";
import "./chunk-7COXQAF7.js";
import "./chunk-VDVZ4JP5.js";
import "./chunk-UNXCGD26.js";
import "./chunk-HXCYHWXJ.js";
import "./chunk-NHL3FVOE.js";
import {
  requireFeature
} from "./chunk-OBEJMKGW.js";
import "./chunk-CKZLTXIC.js";
import "./chunk-O76RR6OK.js";
import "./chunk-ONQZMICL.js";
import "./chunk-UPOOPPL7.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-E75OYVUH.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-U5SUWIFJ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
  const { advanceFeature } = await import("./advance-J2VRLED2.js");
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
