import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  commit,
  count,
  counted
} from "./chunk-RTAFFW6T.js";
import {
  changesTheRest,
  freezeWords,
  partWord,
  reasonText,
  standingWord,
  subjectsWord,
  totalsOf,
  warningText
} from "./chunk-4AGB2JV4.js";
import {
  harmless
} from "./chunk-RZUBHR4S.js";
import {
  __commonJS,
  __toESM
} from "./chunk-VOBUUCNC.js";

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// src/report/text/plan-text.ts
var LONGEST_REASON = 400;
function formatProblem(problem, file) {
  return `${harmless(file, 1e3)}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}`;
}
function planText(style, plan, file, done) {
  const parts = [
    globalStop(style, plan),
    refusedText(style, plan),
    ...plan.problems.map((problem) => problemLine(style, formatProblem(problem, file), problem.severity)),
    ...plan.changes.map((change) => changeText(style, change)),
    testRepositories(plan),
    freezesText(plan),
    ...plan.movements.map((movement) => movementLine(movement, done)),
    totalsLine(style, plan, done)
  ];
  return parts.filter(Boolean).join("\n");
}
function globalStop(style, { global_stop }) {
  if (!global_stop) return "";
  const why = harmless(global_stop, LONGEST_REASON);
  return style.bad(
    `everything is stopped (${why}): nobody is in; the counts below are for when the stop is lifted`
  );
}
function refusedText(style, { refused }) {
  if (!refused) return "";
  const hint = refused.hint === null ? [] : [style.dim(`    ${harmless(refused.hint, LONGEST_REASON)}`)];
  return [
    style.bad(`reconcile refuses this file: ${harmless(refused.message, LONGEST_REASON)}`),
    ...hint
  ].join("\n");
}
function problemLine(style, line, severity) {
  return severity === "error" ? style.bad(line) : style.warn(line);
}
var MARKS = {
  create: "+",
  update: "~",
  archive: "-",
  repair_drift: "~",
  adopt_drift: "!",
  settle: "=",
  held: "!",
  refused: "x"
};
function changeText(style, change) {
  const move = `${standingWord(change.from)} -> ${standingWord(change.to)}${askedText(change)}`;
  const head = `${MARKS[change.action]} ${style.bold(harmless(change.feature, 255))}  ${change.action}  ${move}${impactText(change)}`;
  const lines = [head, `    ${harmless(reasonText(change.reason), LONGEST_REASON)}`];
  for (const line of categoryLines(change)) lines.push(`    ${style.dim(line)}`);
  for (const warning of change.warnings)
    lines.push(style.warn(`    warning: ${harmless(warningText(warning), LONGEST_REASON)}`));
  return lines.join("\n");
}
function askedText({ file, to, action }) {
  if (!file || action === "archive" || standingWord(file) === standingWord(to)) return "";
  return ` (file: ${standingWord(file)})`;
}
function impactText({ impact, subject }) {
  if (!impact) return "";
  const { entering, leaving, after, total } = impact;
  return `  +${count(entering)} -${count(leaving)}, then ${count(after)} of ${counted(total, subject, subjectsWord(subject))}`;
}
function categoryLines(change) {
  const { impact, largest } = change;
  if (!impact || impact.entering + impact.leaving === 0) return [];
  const moved = impact.categories.filter(({ entering, leaving }) => entering + leaving > 0);
  const byCategory = moved.map((part) => `${partWord(part, change)} ${signed(part.entering, part.leaving)}`);
  const names = largest.map(({ enters, name, id }) => `${enters ? "+" : "-"}${harmless(name ?? id, 80)}`);
  return [
    ...byCategory.length > 0 ? [`by category: ${byCategory.join(", ")}`] : [],
    ...names.length > 0 ? [`largest: ${names.join(", ")}`] : []
  ];
}
function signed(entering, leaving) {
  return [entering > 0 ? `+${count(entering)}` : "", leaving > 0 ? `-${count(leaving)}` : ""].filter(Boolean).join(" ");
}
function testRepositories({ test_repositories: { added, removed } }) {
  if (added.length + removed.length === 0) return "";
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `~ test_repositories: ${names.slice(0, 5).map((name) => harmless(name, 80)).join(", ")}${more}`;
}
function freezesText(plan) {
  const words = freezeWords(plan);
  return words.length === 0 ? "" : `~ freeze: ${words.map((word) => harmless(word, 200)).join(", ")}`;
}
function movementLine({ feature, entering, leaving }, done) {
  return `  ${harmless(feature, 255)}: ${movesText({ entering, leaving }, done)} by test_repositories`;
}
function movesText({ entering, leaving }, done) {
  const enter = done ? "entered" : entering === 1 ? "enters" : "enter";
  return `${counted(entering, "subject")} ${enter}, ${count(leaving)} ${done ? "left" : "leave"}`;
}
function totalsLine(style, plan, done) {
  const totals = totalsOf(plan);
  const revision = plan.revision === null ? "" : ` at ${commit(plan.revision)}`;
  if (totals.errors > 0 && plan.changes.length === 0) {
    return style.bad(
      `nothing ${done ? "was applied" : "would be applied"}: ${counted(totals.errors, "error")} in the file`
    );
  }
  if (plan.changes.length === 0 && !changesTheRest(plan)) {
    return style.good(`no changes: the database agrees with the file${revision}`);
  }
  const parts = [
    `${counted(totals.changes, "change")}${done ? " applied" : ""}${revision}`,
    totals.held > 0 ? `${totals.held} held` : "",
    totals.refused > 0 ? `${totals.refused} refused` : "",
    totals.uncounted > 0 ? "subjects were not counted" : movesText(totals, done)
  ];
  return style.bold(parts.filter(Boolean).join(", "));
}

// src/report/words/style.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function styleOf(colour) {
  const colours = import_picocolors.default.createColors(colour);
  return {
    bold: colours.bold,
    dim: colours.dim,
    good: colours.green,
    warn: colours.yellow,
    bad: colours.red
  };
}

export {
  planText,
  styleOf
};
