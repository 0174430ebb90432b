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
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
  const { advanceFeature } = await import("./advance-5YVKGEX4.js");
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
