import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  resolveLists
} from "./chunk-T5UFH23J.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";

// src/domain/plan/actual.ts
function settingsOf(spec) {
  return {
    subject: spec.subject,
    max_error_rate: spec.thresholds.max_error_rate,
    window: spec.thresholds.window,
    auto_rollback: spec.rollback.enabled
  };
}
function withBaseline(actual, wanted) {
  return wanted && actual.edited?.wasLast(wanted) ? { ...actual, spec: wanted } : actual;
}
function expectedExposure(actual, hold) {
  if (hold) return hold.held;
  if (!actual.spec) return null;
  const { exposure } = resolveLists(actual.spec, actual.resolved, /* @__PURE__ */ new Map());
  return actual.archived ? { ...exposure, active: false } : exposure;
}
function settingsDrifted({ spec, edited, settings, unsealed }) {
  const columns = spec !== null && !same(settings, settingsOf(spec));
  return [...edited ? ["spec"] : [], ...columns ? ["settings"] : [], ...unsealed];
}

export {
  settingsOf,
  withBaseline,
  expectedExposure,
  settingsDrifted
};
