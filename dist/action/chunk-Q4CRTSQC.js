import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  same
} from "./chunk-7XJAIWBU.js";
import {
  resolveLists
} from "./chunk-VIO3YKVB.js";

// src/domain/actual.ts
function settingsOf(spec) {
  return {
    subject: spec.subject,
    max_error_rate: spec.thresholds.max_error_rate,
    window: spec.thresholds.window,
    auto_rollback: spec.rollback.enabled
  };
}
function expectedExposure(actual, hold) {
  if (hold) return hold.held;
  if (!actual.spec) return null;
  const { exposure } = resolveLists(actual.spec, actual.resolved, /* @__PURE__ */ new Map());
  return actual.archived ? { ...exposure, active: false } : exposure;
}
function settingsDrifted(actual) {
  return actual.spec !== null && !same(actual.settings, settingsOf(actual.spec));
}

export {
  settingsOf,
  expectedExposure,
  settingsDrifted
};
