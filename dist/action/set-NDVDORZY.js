import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-YYISYB3T.js";
import "./chunk-TDPXH3HK.js";
import "./chunk-ATR2ARMG.js";
import "./chunk-VZ6PZMBN.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-JVUT66EZ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-TL3N7MVK.js";
import "./chunk-GU4ICXZ5.js";
import "./chunk-B2NUAD26.js";
import {
  requireFeature
} from "./chunk-PGLGBJIK.js";
import "./chunk-36L5UVMJ.js";
import "./chunk-EMFE24EX.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-TVORLO7R.js";
import "./chunk-63QZTHAV.js";
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
  const { setPercentage } = await import("./set-UCEZ4XVP.js");
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
