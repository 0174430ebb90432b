import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  admitsNobody,
  atMost
} from "./chunk-T5UFH23J.js";

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
