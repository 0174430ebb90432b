import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  withoutSlashes
} from "./chunk-QDD6OJKJ.js";
import {
  words
} from "./chunk-3JMXPQPC.js";
import {
  requireDatabase
} from "./chunk-LEIDD7WW.js";
import {
  reasonText,
  warningText
} from "./chunk-4AGB2JV4.js";
import {
  askedOnce
} from "./chunk-6XXLSJON.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

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
  const { openGithub: openGithub2 } = await import("./repository-TFRWTXHF.js");
  const urls = { api: urlIn("GITHUB_API_URL", api), graphql: urlIn("GITHUB_GRAPHQL_URL", graphql) };
  return openGithub2(
    {
      address: { ...urls, server: urlIn("GITHUB_SERVER_URL", server), owner, repo, token },
      path: pathInRepository(settings.file, environment),
      defaultBranch: settings.defaultBranch ?? null
    },
    { now: Date.now, sleep: (milliseconds) => setTimeout(milliseconds), random: Math.random, log }
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
      deployments: inputs.deployments ? github.deployments : null
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
    deployments: session.inputs.deployments ? { put: async (deployment) => (await github()).deployments.put(deployment) } : null
  };
}
function opened({ context }, { store, close }) {
  return { store, close, words, actor: context.actor };
}
async function openGithub({ inputs, context, environment, log }) {
  const github = await openGithubOf({
    file: inputs.file,
    environment: { ...environment, GITHUB_TOKEN: inputs.token },
    log,
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
function problemAnnotation({ severity, message, line, column, path }, file) {
  return { severity, message, ...path === "" ? {} : { title: path }, place: { file, line, column } };
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
  openWriting,
  openTakingAway,
  openGithub,
  planAnnotations,
  planChart
};
