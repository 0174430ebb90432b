import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  freezeWords,
  standingWord,
  totalsOf
} from "./chunk-V4LOPUOC.js";
import {
  commit,
  count,
  counted,
  reasonText,
  share,
  warningText
} from "./chunk-7I4SMEXG.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/report/markdown/escape-markdown.ts
var LONGEST_TEXT = 1e3;
function escapeMarkdown(text) {
  return harmless(text.replace(/[\r\n\t]+/g, " "), LONGEST_TEXT).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/[\\`*_{}[\]()#+!|~$]/g, (character) => `\\${character}`).replace(/[@#]|\bGH(?=-\d)|\bwww(?=\.)|\b[a-z]+(?=:\/\/)/gi, "$&\u200B");
}
function codeMarkdown(key) {
  return `\`${key.replace(/[^A-Za-z0-9_-]/g, "?")}\``;
}

// src/report/markdown/markdown-table.ts
function markdownTable(heads, sides, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(heads),
    line([...sides].map((side) => side === "r" ? "---:" : "---")),
    ...rows.map(line)
  ].join("\n");
}

// src/report/markdown/plan-markdown.ts
var MOST_NAMES = 5;
function planMarkdown(plan, known = /* @__PURE__ */ new Map()) {
  const totals = totalsOf(plan);
  const head = [
    `**${counted(totals.changes, "change")}**`,
    totals.held > 0 ? `${totals.held} held` : "",
    totals.refused > 0 ? `${totals.refused} refused` : "",
    totals.uncounted > 0 ? "subjects were not counted" : `${count(totals.entering)} in, ${count(totals.leaving)} out`,
    plan.revision === null ? "" : `at \`${commit(plan.revision)}\``
  ].filter(Boolean);
  const lines = [head.join(" \xB7 "), ""];
  if (plan.global_stop) {
    lines.push(
      `:octagonal_sign: everything is stopped (${escapeMarkdown(plan.global_stop)}): nobody is in`,
      ""
    );
  }
  if (plan.refused)
    lines.push(`:x: reconcile refuses this file: ${escapeMarkdown(plan.refused.message)}`, "");
  if (plan.changes.length > 0) lines.push(changeTable(plan, known), "");
  lines.push(
    ...testRepositories(plan),
    ...freezeWords(plan).map((word) => `- ${codeMarkdown("freeze")}: ${escapeMarkdown(word)}`)
  );
  for (const { feature, entering, leaving } of plan.movements) {
    lines.push(
      `- ${codeMarkdown(feature)}: ${count(entering)} in, ${count(leaving)} out by ${codeMarkdown("test_repositories")}`
    );
  }
  for (const change of plan.changes) {
    for (const warning of change.warnings)
      lines.push(`- :warning: ${codeMarkdown(change.feature)}: ${escapeMarkdown(warningText(warning))}`);
    const harm = known.get(change.feature)?.wouldRollBack;
    if (harm) {
      lines.push(
        `- :warning: ${codeMarkdown(change.feature)}: with these thresholds the next tick takes it back: ${escapeMarkdown(harm)}`
      );
    }
  }
  for (const { severity, file, line, message } of plan.problems) {
    const where = `${file === void 0 ? "" : `${codeMarkdown(file)}, `}line ${line}`;
    lines.push(`- ${severity === "error" ? ":x:" : ":warning:"} ${where}: ${escapeMarkdown(message)}`);
  }
  return `${lines.join("\n").trimEnd()}
`;
}
function testRepositories({ test_repositories: { added, removed } }) {
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return [`- ${codeMarkdown("test_repositories")}: ${escapeMarkdown(names.slice(0, MOST_NAMES).join(", "))}${more}`];
}
function changeTable(plan, known) {
  const more = known.size > 0;
  return markdownTable(
    ["feature", "what", "from", "to", "in", "out", ...more ? ["jobs", "health"] : [], "why"],
    `llrrrr${more ? "rl" : ""}l`,
    plan.changes.map((change) => [
      codeMarkdown(change.feature),
      change.action.replace("_", " "),
      standingWord(change.from),
      asked(change),
      change.impact ? count(change.impact.entering) : "?",
      change.impact ? count(change.impact.leaving) : "?",
      ...more ? knownCells(known.get(change.feature)) : [],
      escapeMarkdown(reasonText(change.reason))
    ])
  );
}
function knownCells(known) {
  if (!known) return ["", ""];
  const { jobs, health } = known;
  const none = jobs.grouped === 0 ? "none" : "not kept";
  return [jobs.jobs === 0 ? none : share(jobs.moving, jobs.jobs), health?.verdict ?? "not live"];
}
function asked({ to, file }) {
  const after = standingWord(to);
  return file && standingWord(file) !== after ? `${after} (file: ${standingWord(file)})` : after;
}

export {
  escapeMarkdown,
  codeMarkdown,
  markdownTable,
  planMarkdown
};
