import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  goesByCategory
} from "./chunk-AZ2KCKNG.js";

// src/domain/plan/impact.ts
function audienceChange({ subject, subject_before, before, after }, tests) {
  return {
    before: { subject: subject_before ?? subject, exposure: before },
    after: { subject, exposure: after },
    tests
  };
}
function testsThatDecide({ after, tests }) {
  const { subject, exposure } = after;
  return tests && exposure && subject === "repository" && goesByCategory(exposure) ? tests : null;
}

export {
  audienceChange,
  testsThatDecide
};
