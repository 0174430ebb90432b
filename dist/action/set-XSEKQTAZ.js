import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-UXQ7K6TT.js";
import "./chunk-YOUFVWAW.js";
import "./chunk-PJQFHO5T.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-V5YLTNUN.js";
import "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  requireFeature
} from "./chunk-OQDKZVQ7.js";
import "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
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
    throw new RolloutError("usage", "set needs a percentage", {
      hint: "set the input percentage"
    });
  }
  const { setPercentage } = await import("./set-FEOBNOXC.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
