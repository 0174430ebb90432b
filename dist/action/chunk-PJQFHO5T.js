import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  withoutSlashes
} from "./chunk-QDD6OJKJ.js";
import {
  words
} from "./chunk-V5YLTNUN.js";
import {
  plannedGuardrailSentences
} from "./chunk-BU5IQBJI.js";
import {
  quarantineText
} from "./chunk-VGIYVSO5.js";
import {
  requireDatabase
} from "./chunk-OQDKZVQ7.js";
import {
  changesTheRest,
  freezeWords,
  partWord,
  standingWord,
  subjectsWord,
  totalsOf
} from "./chunk-DYJMHHBQ.js";
import {
  commit,
  count,
  counted,
  reasonText,
  warningText
} from "./chunk-ECMGPDJJ.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  askedOnce
} from "./chunk-6XXLSJON.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/report/text/plan-text.ts
var LONGEST_REASON = 400;
var LONGEST_SENTENCE = 600;
function formatProblem(problem, file) {
  return `${harmless(fileOf(problem, file), 1e3)}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}`;
}
function fileOf(problem, main) {
  return problem.file === void 0 ? main : `${main.slice(0, main.lastIndexOf("/") + 1)}${problem.file}`;
}
function planText(style, plan, file, done) {
  const parts = [
    globalStop(style, plan),
    refusedText(style, plan),
    ...plan.problems.map((problem) => problemLine(style, formatProblem(problem, file), problem.severity)),
    ...plan.changes.map(
      (change) => [changeText(style, change), ...guardrailLines(style, plan, change)].join("\n")
    ),
    ...(plan.quarantined ?? []).map((one) => style.warn(quarantineText(one))),
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
function guardrailLines(style, { guardrails }, { feature }) {
  return plannedGuardrailSentences(feature, guardrails?.get(feature) ?? []).map(({ warning, text }) => {
    const line = harmless(text, LONGEST_SENTENCE);
    return warning ? style.warn(`    warning: ${line}`) : `    ${line}`;
  });
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
  const words2 = freezeWords(plan);
  return words2.length === 0 ? "" : `~ freeze: ${words2.map((word) => harmless(word, 200)).join(", ")}`;
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

// src/compose/environment/github.ts
import { isAbsolute, relative, resolve, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
var VARIABLES = [
  "GITHUB_API_URL",
  "GITHUB_GRAPHQL_URL",
  "GITHUB_SERVER_URL",
  "GITHUB_REPOSITORY",
  "GITHUB_TOKEN"
];
async function openGithubOf(settings) {
  const { environment, log } = settings;
  const [api, graphql, server, repository, token] = VARIABLES.map((name) => environment[name]?.trim());
  if (!api || !graphql || !server || !repository || !token) return null;
  const [owner, repo, ...more] = repository.split("/");
  if (!owner || !repo || more.length > 0) {
    throw new RolloutError("usage", "GITHUB_REPOSITORY is not the name of a repository", {
      hint: "it looks like acme/shop"
    });
  }
  const { openGithub: openGithub2 } = await import("./repository-BY53JCSO.js");
  const urls = { api: urlIn("GITHUB_API_URL", api), graphql: urlIn("GITHUB_GRAPHQL_URL", graphql) };
  return openGithub2(
    {
      address: { ...urls, server: urlIn("GITHUB_SERVER_URL", server), owner, repo, token },
      path: pathInRepository(settings.file, environment),
      defaultBranch: settings.defaultBranch ?? null
    },
    {
      now: Date.now,
      sleep: (milliseconds) => setTimeout(milliseconds),
      random: Math.random,
      log,
      warn: settings.warn ?? log
    }
  );
}
function urlIn(name, url) {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return withoutSlashes(url);
  throw new RolloutError("usage", `${name} is not a URL`, { hint: "it begins with https://" });
}
function pathInRepository(file, { GITHUB_WORKSPACE }) {
  const path = relative(resolve(GITHUB_WORKSPACE || "."), resolve(GITHUB_WORKSPACE || ".", file));
  if (path === "" || path.startsWith("..") || isAbsolute(path)) {
    throw new RolloutError("usage", `${file} is not a path in the repository`, {
      hint: "name the file as the repository has it: --file rollout.yaml"
    });
  }
  return path.split(sep).join("/");
}

// src/actions/runner/open.ts
async function openWriting(session) {
  requireDatabase(session.inputs);
  const database = await session.database();
  try {
    const github = await openGithub(session);
    const { inputs } = session;
    return {
      ...opened(session, database),
      github,
      repository: github.configuration,
      tracker: inputs.issues ? github.incidents : null,
      deployments: inputs.deployments ? github.deployments : null,
      comments: github.comments
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
async function openTakingAway(session) {
  requireDatabase(session.inputs);
  const database = await session.database();
  const github = askedOnce(() => openGithub(session));
  return {
    ...opened(session, database),
    repository: {
      committed: true,
      readTip: async () => (await github()).configuration.readTip(),
      read: async (via) => (await github()).configuration.read(via),
      settlement: async (...about) => (await github()).configuration.settlement(...about),
      change: async (change) => (await github()).configuration.change(change),
      withdraw: async (branch, why) => (await github()).configuration.withdraw(branch, why)
    },
    tracker: session.inputs.issues ? {
      put: async (issue) => (await github()).incidents.put(issue),
      onlyOne: async (issue) => (await github()).incidents.onlyOne(issue)
    } : null,
    deployments: session.inputs.deployments ? { put: async (deployment) => (await github()).deployments.put(deployment) } : null,
    comments: { put: async (...about) => (await github()).comments.put(...about) }
  };
}
function opened({ context }, { store, close }) {
  return { store, close, words, actor: context.actor };
}
async function openGithub({ inputs, context, environment, log, warn }) {
  const github = await openGithubOf({
    file: inputs.file,
    environment: { ...environment, GITHUB_TOKEN: inputs.token },
    log,
    warn,
    defaultBranch: context.defaultBranch
  });
  if (github) return github;
  throw new RolloutError("usage", "the input token is empty", {
    hint: "leave it out: the job has one of its own"
  });
}

// src/report/markdown/mermaid.ts
var MOST_BARS = 24;
function exposureChart(title, bars) {
  const shown = bars.slice(0, MOST_BARS);
  if (shown.length === 0) return "";
  const list = (values) => `[${values.join(", ")}]`;
  const more = bars.length > shown.length ? ` (the first ${shown.length} of ${bars.length})` : "";
  return [
    "```mermaid",
    "xychart-beta",
    `  title "${title}${more}"`,
    `  x-axis ${list(shown.map(({ feature }) => `"${feature.replace(/[^A-Za-z0-9_-]/g, "?")}"`))}`,
    '  y-axis "% of subjects" 0 --> 100',
    `  bar ${list(shown.map(({ before }) => rounded(before)))}`,
    `  line ${list(shown.map(({ after }) => rounded(after)))}`,
    "```",
    ""
  ].join("\n");
}
function rounded(percent) {
  return Math.round(percent * 100) / 100;
}

// src/actions/commands/plan-lines.ts
function planAnnotations(plan, file) {
  const kept = plan.changes.filter(({ action }) => action === "held" || action === "refused");
  const told = (feature) => plan.problems.some(
    ({ severity, path }) => severity === "error" && path.startsWith(`features.${feature}`)
  );
  return [
    ...plan.problems.map((problem) => problemAnnotation(problem, file)),
    ...kept.filter(({ action, feature }) => action === "held" || !told(feature)).map(({ feature, action, reason }) => {
      return { severity: "warning", title: `${feature} is ${action}`, message: reasonText(reason) };
    }),
    ...plan.changes.flatMap(
      ({ feature, warnings }) => warnings.map((warning) => {
        return { severity: "warning", title: feature, message: warningText(warning) };
      })
    )
  ];
}
function problemAnnotation(problem, main) {
  const { severity, message, line, column, path } = problem;
  const place = { file: fileOf(problem, main), line, column };
  return { severity, message, ...path === "" ? {} : { title: path }, place };
}
function planChart(plan) {
  return exposureChart(
    "Share of subjects that are in, before (bars) and after (line)",
    plan.changes.flatMap(barOf)
  );
}
function barOf({ feature, impact, subject, subject_before }) {
  if (!impact || impact.total === 0) return [];
  const before = subject_before === null || subject_before === subject ? impact.before : 0;
  const percent = (part) => 100 * part / impact.total;
  return [{ feature, before: percent(before), after: percent(impact.after) }];
}

export {
  fileOf,
  planText,
  openWriting,
  openTakingAway,
  openGithub,
  planAnnotations,
  planChart
};
