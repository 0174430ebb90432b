import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
} from "./chunk-QWW4KZ4P.js";
import "./chunk-4Q3CSMQS.js";
import "./chunk-KQLPT2UA.js";
import "./chunk-QDD6OJKJ.js";
import "./chunk-M6C7ZMIQ.js";
import "./chunk-PZ5KB25M.js";
import "./chunk-W745OMOY.js";
import "./chunk-T5626FO5.js";
import "./chunk-7GX6HEGV.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  requireFeature
} from "./chunk-EJ26GJJ2.js";
import "./chunk-WOQ3VDXT.js";
import "./chunk-ZRPESTUR.js";
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
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
  const { advanceFeature } = await import("./advance-TDSRSDFS.js");
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
