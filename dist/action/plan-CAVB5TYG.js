import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  heartbeatIsStale
} from "./chunk-ZWOM6VOV.js";
import {
  readConfigurationFile
} from "./chunk-Q77BV5O7.js";
import {
  checkName,
  checkedEnvironment,
  commentKey,
  planCheck,
  planComment,
  planEngineOf,
  planProposal,
  planSummary
} from "./chunk-NE5WPITM.js";
import "./chunk-XOX3TVCN.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openGithub,
  planAnnotations,
  planChart,
  planText
} from "./chunk-PJQFHO5T.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-RNV2SOUE.js";
import "./chunk-JJKZLDWZ.js";
import "./chunk-MVJV7QGA.js";
import "./chunk-6M753A3Q.js";
import "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import {
  words
} from "./chunk-V5YLTNUN.js";
import {
  plannedGuardrailSentences
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-WNQF4XXA.js";
import "./chunk-MQGN5AR4.js";
import {
  EXIT,
  planExit,
  wouldChange
} from "./chunk-OQDKZVQ7.js";
import {
  planJson
} from "./chunk-DYJMHHBQ.js";
import {
  ago
} from "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-BQVI7CEN.js";
import "./chunk-M6F7EIOX.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import "./chunk-5H625CMU.js";
import "./chunk-6VI3GJB7.js";
import "./chunk-PIILY4BD.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import {
  atMinute
} from "./chunk-264FZAQV.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/report/json/simulate-model.ts
function guardrailJson({ metric, guardrail, found }) {
  const { limit, on_harm, dry_run } = guardrail;
  const { test, by } = found.code === "tested" ? found : { test: null, by: null };
  return {
    ...{ metric, limit, on_harm, dry_run, result: found.code, by },
    problem: found.code === "engine_refused" ? found.problem : null,
    from: test && timeOf(test.from / 60),
    until: test && timeOf(test.until / 60),
    days: test?.days ?? null,
    events: test?.events ?? null,
    bad: test?.bad ?? null,
    correlation: test?.correlation ?? null,
    judged_with: test?.judgedWith ?? null,
    acted: (test?.acted ?? []).map(({ at, epoch, arm }) => ({ at: timeOf(at), epoch, arm }))
  };
}
function timeOf(minute) {
  return atMinute(minute).toISOString();
}

// src/report/json/plan-guardrails-json.ts
function planGuardrailsJson(planned = /* @__PURE__ */ new Map()) {
  const features = [...planned].flatMap(([feature, guardrails]) => {
    const altered = guardrails.filter((one) => one.altered);
    return altered.length === 0 ? [] : [[feature, altered.map(oneJson)]];
  });
  return features.length === 0 ? {} : { guardrails: Object.fromEntries(features) };
}
function oneJson({ expected, ...one }) {
  return {
    ...guardrailJson(one),
    not_yet: expected?.notYet ?? null,
    after_tick: expected?.afterTick ?? false
  };
}

// src/actions/proposals/proposed-file.ts
async function proposedFile({
  inputs: { file: path },
  context
}) {
  try {
    return { path, content: await readConfigurationFile(path), revision: context.sha };
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
}
async function tipOf({ configuration }) {
  try {
    return { tip: await configuration.readTip(), note: "" };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    if (error.code === "file_missing") return { tip: NO_FILE, note: "" };
    return { tip: null, note: `The default branch could not be read: ${error.message}` };
  }
}
var NO_FILE = { path: "no file", content: Buffer.from("version: 1\nfeatures: {}\n"), revision: null };
async function baseOf(github, { sha, mergeGroup }) {
  try {
    const parent = mergeGroup?.onto ?? await github.parentOf(sha);
    return parent === null ? "unknown" : await github.fileAt(parent);
  } catch (error) {
    if (error instanceof RolloutError) return "unknown";
    throw error;
  }
}

// src/actions/proposals/put-check.ts
function headOf({ pullRequest, sha }) {
  return pullRequest?.head ?? sha;
}
async function putCheck({ inputs, context }, github, planned, { tip, notes }) {
  if (!inputs.check) return [];
  const elsewhere = aboutAnother(context);
  if (elsewhere !== null) return [{ severity: "notice", title: "No check", message: elsewhere }];
  const environment = checkedEnvironment(planned.plan, tip);
  const name = checkName(environment);
  if (context.pullRequest?.fork) {
    const message = `a pull request from a fork may not write the check ${name}: the next health run writes it`;
    return [{ severity: "notice", title: "No check yet", message }];
  }
  try {
    const about = { head: headOf(context), file: inputs.file, environment, url: context.run, notes };
    await github.checks.put(planCheck(planned, about));
    return [];
  } catch (error) {
    const message = `the check ${name} is not written: ${refusalText(error)}`;
    return [{ severity: "warning", title: "No check", message }];
  }
}
function aboutAnother({ pullRequest, mergeGroup, defaultBranch }) {
  const base = pullRequest?.base ?? mergeGroup?.base ?? null;
  if (base === null) return "a check needs a pull request or a merge queue, and this run has neither";
  if (base === defaultBranch) return null;
  return `a check says what merging into ${defaultBranch ?? "the default branch"} would do, and this goes to ${base}`;
}
function refusalText(error) {
  const hint = error instanceof RolloutError && error.hint ? `; ${error.hint}` : "";
  return errorText(error) + hint;
}

// src/actions/commands/plan.ts
var run = async (session) => {
  const { inputs, context, environment } = session;
  const opening = tryDatabase(session);
  const file = await proposedFile(session);
  const { store, database, note } = await opening;
  try {
    const github = await openGithub(session);
    const { tip, note: unread } = await tipOf(github);
    const base = await baseOf(github, context);
    const engine = context.pullRequest?.fork ? "fork" : planEngineOf(environment);
    const deps = { store, repository: github.configuration, words, engine };
    const found = await planProposal(deps, { file, tip, base });
    const guardrails = new Map(found.outlooks.map((one) => [one.feature, one.guardrails]));
    const plan = withoutNames(found.plan, mayNameSubjects(inputs, context));
    const notes = [note, unread, ...found.notes, ...notesOn(session, plan)].filter((one) => one !== "");
    const like = {
      ...{ plan, outlooks: found.outlooks, notes },
      environment: plan.environment === UNNAMED ? null : plan.environment,
      from: {
        head: headOf(context),
        branch: context.defaultBranch,
        tip: tip?.revision ?? null,
        generation: plan.generation
      }
    };
    session.log(planText(styleOf(false), plan, inputs.file, false));
    const { generation, global_stop, heartbeat } = plan;
    return {
      exit: found.failed ? EXIT.error : planExit(plan),
      needsPerson: null,
      annotations: [
        ...planAnnotations(plan, inputs.file),
        ...found.notes.map((message) => ({ severity: "error", message })),
        ...unasked(guardrails),
        ...await comment(session, github, planComment(like), found.changed),
        ...await putCheck(session, github, { ...found, plan }, { tip, notes })
      ],
      summary: `${planSummary(like)}
${planChart(plan)}`,
      outputs: {
        changed: wouldChange(plan),
        plan: { ...planJson(plan), ...planGuardrailsJson(guardrails), generation, global_stop, heartbeat }
      }
    };
  } finally {
    await database?.close();
  }
};
var LONGEST_MESSAGE = 600;
function unasked(planned) {
  return [...planned].flatMap(
    ([feature, guardrails]) => plannedGuardrailSentences(feature, guardrails).filter(({ warning }) => warning).map(
      ({ text }) => ({
        severity: "warning",
        title: "No back-test",
        message: harmless(text, LONGEST_MESSAGE)
      })
    )
  );
}
async function tryDatabase({ inputs, database, log }) {
  if (inputs.databaseUrl === "")
    return { store: { without: "any", now: /* @__PURE__ */ new Date() }, database: null, note: WITHOUT };
  try {
    const opened = await database();
    return { store: opened.store, database: opened, note: "" };
  } catch (error) {
    if (!(error instanceof RolloutError) || !error.code.startsWith("database_")) throw error;
    log(error.hint ? `${error.message}; ${error.hint}` : error.message);
    const note = `${WITHOUT} (${error.code.replaceAll("_", " ")}; the log says more)`;
    return { store: { without: "away", now: /* @__PURE__ */ new Date() }, database: null, note };
  }
}
var WITHOUT = "Compared with the file on the default branch, without a database: whom it moves and what is held is not known";
function notesOn({ context }, plan) {
  const { pullRequest, defaultBranch } = context;
  const { heartbeat, now } = plan;
  const elsewhere = pullRequest && defaultBranch !== null && pullRequest.base !== defaultBranch;
  return [
    heartbeat && now && heartbeatIsStale(heartbeat, now) ? `The scheduled controller last ran ${ago(heartbeat, now)} ago: nothing is judged or rolled back meanwhile` : "",
    elsewhere ? `This goes to ${pullRequest.base}: nothing of it counts before it is on ${defaultBranch}` : ""
  ];
}
async function comment({ inputs, context }, github, body, changed) {
  const { pullRequest } = context;
  if (!pullRequest || pullRequest.fork || inputs.comment === "never") return [];
  try {
    const only_edit = inputs.comment === "changed" && !changed;
    await github.comments.put(pullRequest.number, { key: commentKey(inputs), body, only_edit });
    return [];
  } catch (error) {
    const why = errorText(error);
    return [{ severity: "warning", title: "No comment", message: `the plan is in the summary only: ${why}` }];
  }
}
export {
  run
};
