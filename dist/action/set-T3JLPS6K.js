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
  const { setPercentage } = await import("./set-HRGCBVYQ.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
