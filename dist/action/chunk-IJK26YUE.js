import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  compareText
} from "./chunk-XRYC3SR4.js";

// src/domain/guardrails/guardrail.ts
function guardrailScope(metric) {
  return `guardrail:${metric}`;
}
function guardrailsOf({ guardrails = {} }) {
  return Object.entries(guardrails).sort(([a], [b]) => compareText(a, b));
}
function observedMetrics(spec) {
  return guardrailsOf(spec).map(([metric, { correlation }]) => ({
    metric,
    correlation: correlation ?? null
  }));
}
function isBlind({ query }) {
  return query !== void 0 && query.subject_label === null;
}
function effectOf({ on_harm, dry_run }) {
  return dry_run ? null : on_harm;
}
function holdsTheRamp(guardrail) {
  const effect = effectOf(guardrail);
  return effect === "rollback" || effect === "freeze";
}

export {
  guardrailScope,
  guardrailsOf,
  observedMetrics,
  isBlind,
  effectOf,
  holdsTheRamp
};
