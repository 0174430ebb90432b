import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  goesByCategory
} from "./chunk-T5UFH23J.js";

// src/domain/plan/impact.ts
function audienceChange({ subject, subject_before, before, after }, tests, quarantined) {
  return {
    before: outside({ subject: subject_before ?? subject, exposure: before }, quarantined),
    after: outside({ subject, exposure: after }, quarantined),
    tests
  };
}
function outside({ subject, exposure }, quarantined) {
  if (exposure === null || quarantined.length === 0) return { subject, exposure };
  return {
    subject,
    exposure: { ...exposure, blacklist: [.../* @__PURE__ */ new Set([...exposure.blacklist, ...quarantined])] }
  };
}
function testsThatDecide({ after, tests }) {
  const { subject, exposure } = after;
  return tests && exposure && subject === "repository" && goesByCategory(exposure) ? tests : null;
}

export {
  audienceChange,
  outside,
  testsThatDecide
};
