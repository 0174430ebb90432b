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
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/set.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs } = session;
  const { percentage } = inputs;
  if (percentage === null) {
    throw new RolloutError("usage", "set needs to know the percentage", {
      hint: "set the input percentage"
    });
  }
  const { setPercentage } = await import("./set-TNMLFLNV.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
