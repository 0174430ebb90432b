import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-ROPHYOFM.js";
import {
  narrower
} from "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
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
