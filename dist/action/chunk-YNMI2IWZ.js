import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec.ts
var EXPOSURE_FIELDS = [
  "active",
  "emergency_stop",
  "strategy",
  "percentage",
  "categories",
  "whitelist",
  "blacklist",
  "salt"
];
function canonicalJson(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value;
  const pairs = Object.keys(record).sort().filter((key) => record[key] !== void 0).map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${pairs.join(",")}}`;
}
function exposureOf(spec) {
  return {
    active: spec.active,
    emergency_stop: spec.emergency_stop,
    strategy: spec.strategy,
    percentage: spec.percentage,
    categories: spec.categories === null ? null : [...spec.categories],
    whitelist: [...spec.whitelist],
    blacklist: [...spec.blacklist],
    salt: spec.salt
  };
}

export {
  EXPOSURE_FIELDS,
  canonicalJson,
  exposureOf
};
