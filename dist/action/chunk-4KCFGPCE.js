import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/report/plan-model.ts
function totalsOf(plan) {
  const sum = (pick) => plan.changes.reduce((total, change) => total + pick(change), 0);
  return {
    changes: plan.changes.filter(({ action }) => action !== "held" && action !== "refused").length,
    held: plan.changes.filter(({ action }) => action === "held").length,
    refused: plan.changes.filter(({ action }) => action === "refused").length,
    entering: sum(({ impact }) => impact?.entering ?? 0),
    leaving: sum(({ impact }) => impact?.leaving ?? 0),
    uncounted: sum(({ action, impact }) => impact || action === "held" || action === "refused" ? 0 : 1),
    errors: plan.problems.filter(({ severity }) => severity === "error").length,
    warnings: plan.problems.filter(({ severity }) => severity === "warning").length
  };
}
function standingWord({ percentage, active, emergency_stop, strategy }) {
  if (emergency_stop) return "stopped";
  if (!active) return "off";
  return strategy === "whitelist" ? "its whitelist" : `${percentage} %`;
}
function planJson(plan) {
  return {
    changes: plan.changes.map((change) => ({
      feature: change.feature,
      action: change.action,
      from: standingJson(change.from),
      to: standingJson(change.to),
      file: change.file && standingJson(change.file),
      entering: change.impact?.entering ?? null,
      leaving: change.impact?.leaving ?? null,
      held: change.held,
      incident: change.incident,
      reason: change.reason,
      warnings: change.warnings,
      subject: change.subject,
      differences: change.differences,
      categories: change.impact?.categories ?? [],
      largest: change.largest
    })),
    problems: plan.problems,
    revision: plan.revision,
    test_repositories: plan.test_repositories
  };
}
function standingJson({ percentage, active, emergency_stop }) {
  return { percentage, active, emergency_stop };
}

export {
  totalsOf,
  standingWord,
  planJson
};
