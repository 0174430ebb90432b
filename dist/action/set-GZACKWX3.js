import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-GWKCLXD3.js";
import "./chunk-XB4VCU6X.js";
import "./chunk-ZQHLGRJD.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-FOVEANGZ.js";
import "./chunk-TZWYX2HH.js";
import "./chunk-2OZHFONN.js";
import "./chunk-3CQR2KVG.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  requireFeature
} from "./chunk-WUCSGZDV.js";
import "./chunk-H7CXSUQE.js";
import "./chunk-3OFYKFUA.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-P4LZ7ZNW.js";
import "./chunk-6XXLSJON.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/set.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs } = session;
  const { percentage } = inputs;
  if (percentage === null) {
    throw new RolloutError("usage", "set needs to know the percentage", {
      hint: "set the input percentage"
    });
  }
  const { setPercentage } = await import("./set-QJHGRATM.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
