import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-YNMI2IWZ.js";
import {
  narrower
} from "./chunk-TCRJPBTA.js";
import "./chunk-VOBUUCNC.js";

// src/app/raised-by-push.ts
function raisedBetween(before, after, features) {
  const [then, now] = [before, after].map((text) => text ? parseConfig(text).config?.features : void 0);
  return features.filter((feature) => {
    const [old, spec] = [then?.get(feature), now?.get(feature)];
    return spec !== void 0 && (old === void 0 || !narrower(spec, old));
  });
}
export {
  raisedBetween
};
