import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-VZYDYFT3.js";
import "./chunk-52BETDGQ.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-YNMI2IWZ.js";
import {
  narrower
} from "./chunk-U5SUWIFJ.js";
import "./chunk-LYKBHCT6.js";
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
