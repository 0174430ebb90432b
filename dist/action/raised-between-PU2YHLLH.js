import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import "./chunk-TORRJGHT.js";
import "./chunk-QSIONP25.js";
import {
  atMost
} from "./chunk-O673KTJQ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/raised-between.ts
function raisedBetween(before, after, features) {
  const [then, now] = [before, after].map((text) => text ? parseConfig(text).config?.features : void 0);
  return features.filter((feature) => {
    const [old, spec] = [then?.get(feature), now?.get(feature)];
    return spec !== void 0 && (old === void 0 || !atMost(spec, old));
  });
}
export {
  raisedBetween
};
