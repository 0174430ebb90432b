import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reasonText,
  warningText
} from "./chunk-ECMGPDJJ.js";
import {
  reasonFacts
} from "./chunk-TEAR7GFV.js";

// src/report/words/plan-model.ts
function totalsOf(plan) {
  const sum = (pick) => plan.changes.reduce((total, change) => total + pick(change), 0);
  const moved = (pick) => plan.movements.reduce((total, movement) => total + pick(movement), 0);
  return {
    changes: plan.changes.filter(({ action }) => action !== "held" && action !== "refused").length,
    held: plan.changes.filter(({ action }) => action === "held").length,
    refused: plan.changes.filter(({ action }) => action === "refused").length,
    entering: sum(({ impact }) => impact?.entering ?? 0) + moved(({ entering }) => entering),
    leaving: sum(({ impact }) => impact?.leaving ?? 0) + moved(({ leaving }) => leaving),
    uncounted: sum(({ action, impact }) => impact || action === "held" || action === "refused" ? 0 : 1),
    errors: plan.problems.filter(({ severity }) => severity === "error").length,
    warnings: plan.problems.filter(({ severity }) => severity === "warning").length
  };
}
function standingWord({ percentage, active, emergency_stop, strategy }) {
  if (emergency_stop) return "stopped";
  if (!active) return "off";
  return strategy === "whitelist" ? "its whitelist" : `${percentage}%`;
}
function freezeWords({ freezes: { added, removed } }) {
  const word = (sign) => (freeze) => `${sign}${freeze.from} to ${freeze.to} (${freeze.reason})`;
  return [...added.map(word("+")), ...removed.map(word("-"))];
}
function changesTheRest(plan) {
  const { added, removed } = plan.test_repositories;
  return added.length + removed.length + freezeWords(plan).length > 0;
}
function subjectsWord(subject) {
  return subject === "repository" ? "repositories" : `${subject}s`;
}
function partWord({ subject, category }, change) {
  if (subject !== change.subject) return subjectsWord(subject);
  return category ?? "without category";
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
      reason: reasonText(change.reason),
      reason_facts: reasonFacts(change.reason),
      warnings: change.warnings.map(warningText),
      warning_facts: change.warnings,
      subject: change.subject,
      subject_before: change.subject_before,
      differences: change.differences,
      categories: change.impact?.categories ?? [],
      largest: change.largest
    })),
    problems: plan.problems,
    revision: plan.revision,
    test_repositories: plan.test_repositories,
    freezes: plan.freezes,
    movements: plan.movements,
    ...plan.quarantined === void 0 ? {} : { quarantined: plan.quarantined },
    ...plan.refused === void 0 ? {} : { refused: plan.refused }
  };
}
function standingJson({ percentage, active, emergency_stop }) {
  return { percentage, active, emergency_stop };
}

export {
  totalsOf,
  standingWord,
  freezeWords,
  changesTheRest,
  subjectsWord,
  partWord,
  planJson
};
