import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-RYFABO5E.js";
import "./chunk-VK5YELCJ.js";
import "./chunk-5IK5XIXG.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-3AD7HRVE.js";
import "./chunk-OINFRU4D.js";
import "./chunk-7T4UH6EQ.js";
import "./chunk-HQTBTWGZ.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  requireFeature
} from "./chunk-634O3N6F.js";
import "./chunk-V4LOPUOC.js";
import "./chunk-7I4SMEXG.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
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
    throw new RolloutError("usage", "set needs to know the percentage", {
      hint: "set the input percentage"
    });
  }
  const { setPercentage } = await import("./set-HY4QY7CD.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
