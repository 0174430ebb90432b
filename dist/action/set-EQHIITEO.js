import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-2O3LPAKZ.js";
import "./chunk-6H2YRYDR.js";
import "./chunk-ZMYOQJJL.js";
import "./chunk-WONYRMUL.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-KUHDXCER.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-3JMXPQPC.js";
import "./chunk-2PRNUFQD.js";
import "./chunk-RTAFFW6T.js";
import {
  requireFeature
} from "./chunk-LEIDD7WW.js";
import "./chunk-4AGB2JV4.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
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
  const { setPercentage } = await import("./set-MOOYZT5D.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
