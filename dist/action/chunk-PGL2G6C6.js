import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dayIn
} from "./chunk-NL2ETAZQ.js";
import {
  isOff
} from "./chunk-QDLEX4JC.js";

// src/domain/spec/freeze.ts
function freezeAt(freezes, now) {
  const day = now.toISOString().slice(0, 10);
  return freezes.find((freeze) => freeze.from <= day && day <= freeze.to) ?? null;
}

// src/domain/spec/days.ts
function dayObstacle(spec, now) {
  const { not_before, cutoff } = spec;
  if (cutoff === void 0 && not_before === void 0) return null;
  const today = dayIn(spec.hours?.zone ?? "UTC", now);
  if (cutoff !== void 0 && today > cutoff) return { code: "cutoff", day: cutoff };
  return not_before !== void 0 && today < not_before ? { code: "not_before", day: not_before } : null;
}
function missedCutoff(spec, now) {
  if (spec.strategy === "whitelist" || isOff(spec) || spec.percentage >= 100) return null;
  const obstacle = dayObstacle(spec, now);
  return obstacle?.code === "cutoff" ? obstacle.day : null;
}

export {
  dayObstacle,
  missedCutoff,
  freezeAt
};
