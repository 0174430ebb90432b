import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import "./chunk-WNQF4XXA.js";
import {
  SUMMARY_LIMIT,
  capped
} from "./chunk-MQGN5AR4.js";
import {
  EXIT,
  ExitCode,
  error,
  getInput,
  info,
  notice,
  readInputs,
  setOutput,
  setSecret,
  summary,
  warning
} from "./chunk-OQDKZVQ7.js";
import "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import {
  harmless,
  oneOf,
  quoted
} from "./chunk-XRYC3SR4.js";
import {
  parseDatabaseUrl
} from "./chunk-7N2S45PO.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/commands.ts
var COMMANDS = {
  plan: { writes: false, opens: "checked", load: () => import("./plan-CAVB5TYG.js") },
  reconcile: { writes: true, opens: "checked", load: () => import("./reconcile-F3CZZHFT.js") },
  tick: { writes: true, opens: "checked", load: () => import("./tick-FO5BMJSX.js") },
  stop: { writes: true, load: () => import("./stop-U3PPZ7SV.js") },
  resume: { writes: true, opens: "checked", load: () => import("./resume-HSYVOSZR.js") },
  allow: { writes: true, opens: "checked", load: () => import("./allow-DGY3H6K4.js") },
  set: { writes: true, opens: "checked", load: () => import("./set-XSEKQTAZ.js") },
  advance: { writes: true, opens: "checked", load: () => import("./advance-I36EJD4X.js") },
  rollback: { writes: true, opens: "connected", load: () => import("./rollback-HNDU33WT.js") },
  report: { writes: false, opens: "checked", load: () => import("./report-6QCCAEHH.js") }
};

// src/actions/runner/context.ts
import { readFileSync } from "node:fs";
function contextOf(environment) {
  const [owner = "", repo = ""] = required(environment, "GITHUB_REPOSITORY").split("/");
  const payload = payloadOf(environment.GITHUB_EVENT_PATH);
  const server = required(environment, "GITHUB_SERVER_URL");
  const event = required(environment, "GITHUB_EVENT_NAME");
  const ref = environment.GITHUB_REF ?? "";
  return {
    event,
    owner,
    repo,
    isPrivate: payload.repository?.private ?? null,
    ref,
    sha: required(environment, "GITHUB_SHA"),
    defaultBranch: payload.repository?.default_branch ?? (event === "schedule" ? branchOf(ref) : null),
    actor: actorOf(environment, event),
    pullRequest: pullRequestOf(payload, `${owner}/${repo}`),
    mergeGroup: mergeGroupOf(payload),
    before: event === "push" && !/^0*$/.test(payload.before ?? "") ? payload.before ?? null : null,
    urls: {
      api: required(environment, "GITHUB_API_URL"),
      graphql: required(environment, "GITHUB_GRAPHQL_URL"),
      server
    },
    run: `${server}/${owner}/${repo}/actions/runs/${environment.GITHUB_RUN_ID ?? ""}`
  };
}
function branchOf(ref) {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
}
function actorOf(environment, event) {
  if (event === "schedule") return "github:schedule";
  return `github:${environment.GITHUB_TRIGGERING_ACTOR || environment.GITHUB_ACTOR || "unknown"}`;
}
function pullRequestOf({ pull_request }, repository) {
  if (!pull_request) return null;
  const { number, head, base } = pull_request;
  const fork = head.repo?.full_name.toLowerCase() !== repository.toLowerCase();
  return { number, head: head.sha, base: base.ref, fork };
}
function mergeGroupOf({ merge_group: group }) {
  return group ? { onto: group.base_sha, base: branchOf(group.base_ref) } : null;
}
function payloadOf(path) {
  return path ? JSON.parse(readFileSync(path, "utf8")) : {};
}
function required(environment, name) {
  const value = environment[name];
  if (value) return value;
  throw new RolloutError("usage", `${name} is not set: this is the action, which runs in a GitHub workflow`, {
    hint: "on a command line run: rollout --help"
  });
}

// src/actions/runner/log-line.ts
var LONGEST = 4e3;
function logLine(text, longest = LONGEST) {
  return harmless(text, longest).replaceAll("##[", "# #[").replace(/^\s*::/, ": :");
}

// src/actions/runner/only-default-branch.ts
function refuseOtherRef({ command }, { ref, defaultBranch, event }) {
  const branch = branchOf(ref);
  if (branch !== null && branch === defaultBranch && !event.startsWith("pull_request")) return;
  throw new RolloutError(
    "revision_refused",
    `${command} runs only on the default branch${defaultBranch === null ? "" : ` ${quoted(defaultBranch)}`}, not on ${quoted(ref)} (${event})`,
    { hint: "start the workflow from the default branch" }
  );
}

// src/actions/runner/publish.ts
var MOST_OF_A_KIND = 10;
var LONGEST_MESSAGE = 2e3;
async function publish(outcome) {
  setOutputs(outcome.outputs);
  annotate([...outcome.annotations, ...verdictOn(outcome)]);
  await summarize(outcome.summary);
  if (outcome.exit === EXIT.error || outcome.needsPerson !== null) process.exitCode = ExitCode.Failure;
}
function publishError(error2) {
  const message = errorText(error2);
  const hint = error2 instanceof RolloutError && error2.hint ? `; next: ${error2.hint}` : "";
  annotate([{ severity: "error", message: `${message}${hint}` }]);
  if (!(error2 instanceof RolloutError) && error2 instanceof Error) {
    for (const one of error2.stack?.split("\n") ?? []) info(logLine(one));
  }
  process.exitCode = ExitCode.Failure;
}
function verdictOn({ exit, needsPerson }) {
  if (needsPerson !== null) return [{ severity: "error", message: needsPerson }];
  return exit === EXIT.held ? [{ severity: "warning", message: "something is held or refused" }] : [];
}
function setOutputs(outputs) {
  const { verdicts, plan, result, ...plain } = outputs;
  for (const [name, value] of Object.entries(plain)) setOutput(name, value);
  if (verdicts) setOutput("verdicts", JSON.stringify(verdicts));
  if (plan) setOutput("plan", JSON.stringify(plan));
  if (result) setOutput("result", JSON.stringify(result));
}
function annotate(annotations) {
  for (const severity of ["error", "warning", "notice"]) {
    const own = annotations.filter((one) => one.severity === severity);
    const shown = own.length > MOST_OF_A_KIND ? own.slice(0, MOST_OF_A_KIND - 1) : own;
    for (const one of shown) tell(one);
    if (shown.length < own.length) {
      tell({
        severity,
        message: `and ${own.length - shown.length} more, which the log and the summary name`
      });
      for (const { message } of own.slice(shown.length)) info(logLine(message, LONGEST_MESSAGE));
    }
  }
}
var TELL = { error, warning, notice };
function tell({ severity, message, title, place }) {
  const properties = {
    ...title === void 0 ? {} : { title: line(title) },
    ...place ? { file: place.file, startLine: place.line, startColumn: place.column } : {}
  };
  TELL[severity](line(message), properties);
}
function line(text) {
  return harmless(text, LONGEST_MESSAGE);
}
async function summarize(markdown) {
  if (markdown === "" || !process.env.GITHUB_STEP_SUMMARY) return;
  try {
    await summary.addRaw(capped(markdown, SUMMARY_LIMIT), true).write();
  } catch (error2) {
    info(logLine(`the summary was not written: ${errorText(error2)}`));
  }
}

// src/actions/runner/secrets.ts
var SECRET_PARAMETERS = ["password", "sslpassword"];
function secretsIn(databaseUrl, token) {
  const found = [databaseUrl, token];
  const url = parseDatabaseUrl(databaseUrl);
  if (url !== null) {
    const { password, search, searchParams } = url;
    found.push(password, decoded(password));
    for (const name of SECRET_PARAMETERS) found.push(...searchParams.getAll(name));
    for (const [, name = "", written = ""] of search.matchAll(/[?&]([^=&]{1,30})=([^&]*)/g)) {
      if (SECRET_PARAMETERS.includes(name)) found.push(written);
    }
  }
  return [...new Set(found)].filter((secret) => secret.trim() !== "");
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/actions/main.ts
var LONGEST_WARNING = 2e3;
async function main() {
  let opening = null;
  try {
    for (const secret of secretsIn(getInput("database_url"), getInput("token"))) setSecret(secret);
    const inputs = readInputs();
    const command = commandOf(inputs);
    const context = contextOf(process.env);
    if (command.writes) refuseOtherRef(inputs, context);
    opening = openedFor(command, inputs);
    await opening?.catch(() => void 0);
    const database = () => opening ?? openNow(inputs);
    const { run } = await command.load();
    await publish(await run({ inputs, context, environment: environmentOf(context), database, log, warn }));
  } catch (error2) {
    publishError(error2);
  } finally {
    await opening?.then(({ close }) => close()).catch(() => void 0);
  }
}
function openedFor({ opens }, { databaseUrl, migrate }) {
  if (opens === void 0 || databaseUrl === "" || migrate) return null;
  const room = import("./action-F6QOVDL2.js");
  return opens === "connected" ? room.then(({ openForTakingAway }) => openForTakingAway(databaseUrl)) : room.then(({ openForAction }) => openForAction(databaseUrl));
}
async function openNow({ databaseUrl }) {
  const { openForAction } = await import("./action-F6QOVDL2.js");
  return openForAction(databaseUrl);
}
function commandOf({ command }) {
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : void 0;
  if (known) return known;
  throw new RolloutError("usage", `the input command is ${quoted(command)}`, {
    hint: `it is ${oneOf(Object.keys(COMMANDS))}`
  });
}
function environmentOf({ actor }) {
  return { ...process.env, ROLLOUT_ACTOR: actor };
}
function warn(text) {
  warning(harmless(text, LONGEST_WARNING));
}
function log(text) {
  for (const line2 of text.split("\n")) info(logLine(line2));
}
await main();
