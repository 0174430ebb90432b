import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  EXPOSURE_FIELDS
} from "./chunk-T5UFH23J.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";

// src/domain/policy/proof.ts
var OWN_FIELDS = [
  ...EXPOSURE_FIELDS,
  ...["paused", "steps", "advance", "hours", "not_before", "cutoff", "budget", "description", "owner"]
];
var OLDEST_S = 86400;
function differingFields(one, other) {
  const [a, b] = [one, other].map((spec) => spec);
  const names = /* @__PURE__ */ new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].filter((name) => !OWN_FIELDS.includes(name) && !same(a?.[name], b?.[name])).sort();
}
function unproved({ soak }, spec, elsewhere) {
  if (elsewhere.state === "unknown") return { code: "unknown", why: elsewhere.why };
  if (elsewhere.state === "absent") return { code: "absent" };
  const fields = differingFields(spec, elsewhere.spec);
  if (fields.length > 0) return { code: "differs", fields };
  if (!elsewhere.admits) return { code: "off" };
  const { verdict, healthy_seconds, checked_seconds_ago } = elsewhere;
  if (verdict !== "healthy") return { code: "unhealthy", verdict };
  if (checked_seconds_ago > OLDEST_S) return { code: "old", seconds: checked_seconds_ago };
  return healthy_seconds < soak ? { code: "young", seconds: healthy_seconds, soak } : null;
}
function notProved(promotes, spec, elsewhere) {
  if (promotes === void 0) return [];
  const because = unproved(promotes, spec, elsewhere ?? { state: "unknown", why: "nobody looked" });
  return because === null ? [] : [{ code: "not_proved", from: promotes.from, because }];
}

export {
  OWN_FIELDS,
  notProved
};
