import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-PFP2U37S.js";
import "./chunk-GZWRNGBZ.js";
import "./chunk-6JL5Z4JY.js";
import {
  admitsNobody,
  atMost
} from "./chunk-AD2CEPPX.js";
import "./chunk-KQQ7LP54.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-TVORLO7R.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/raised-between.ts
function raisedBetween(before, after, features) {
  const [then, now] = [before, after].map((text) => text ? parseConfig(text).config?.features : void 0);
  return features.filter((feature) => {
    const [old, spec] = [then?.get(feature), now?.get(feature)];
    if (spec === void 0) return false;
    if (old === void 0 || !atMost(spec, old)) return true;
    return spec.subject !== old.subject && !admitsNobody(spec);
  });
}
export {
  raisedBetween
};
