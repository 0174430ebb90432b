import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  count
} from "./chunk-ZRPESTUR.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/report/text/health/rolled-back-text.ts
var LONGEST_REASON = 200;
function rolledBackText(feature, rolledBack) {
  const { incident, reason } = rolledBack;
  const why = rolledBackNumbers(rolledBack) ?? harmless(reason, LONGEST_REASON).replace(/[.;]$/, "");
  const next = `rollout resume ${harmless(feature, 255)} --reason "..."`;
  return `rolled back, incident ${incident}: ${why}; ${next}`;
}
function rolledBackNumbers({ evidence }) {
  if (evidence === null) return null;
  const { scope, jobs, errors, control_jobs, control_errors } = evidence;
  const where = scope === "all" ? "" : ` in category ${harmless(scope)}`;
  const control = control_jobs === 0 ? "no job" : `${count(control_errors)} of ${count(control_jobs)}`;
  return `${count(errors)} of ${count(jobs)} failed${where}, control ${control}`;
}

export {
  rolledBackText,
  rolledBackNumbers
};
