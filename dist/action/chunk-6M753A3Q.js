import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  nearest
} from "./chunk-E7ZLXCHG.js";
import {
  quoted
} from "./chunk-XRYC3SR4.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/registry/known-feature.ts
var MOST_NAMED = 20;
async function requireFeature(read, feature) {
  const standings = await read.features.standings(feature);
  if (standings.length === 0) throw await unknownFeature(read, feature);
}
async function unknownFeature(read, feature) {
  const names = (await read.features.standings()).map((standing) => standing.feature);
  return new RolloutError("unknown_feature", `there is no feature ${quoted(feature)}`, {
    hint: featuresHint(feature, names)
  });
}
function featuresHint(feature, names) {
  if (names.length === 0) return "there are none yet; run: rollout plan";
  const meant = nearest(feature, names);
  if (meant !== null) return `did you mean ${meant}?`;
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `there are ${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

export {
  requireFeature,
  unknownFeature
};
