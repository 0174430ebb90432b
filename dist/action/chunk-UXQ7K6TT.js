import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-YOUFVWAW.js";
import {
  openWriting,
  planAnnotations
} from "./chunk-PJQFHO5T.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import {
  escapeMarkdown,
  planMarkdown
} from "./chunk-BU5IQBJI.js";
import {
  fileText,
  obstacleText,
  titleText
} from "./chunk-VGIYVSO5.js";
import {
  EXIT,
  changeExit
} from "./chunk-OQDKZVQ7.js";
import {
  planJson
} from "./chunk-DYJMHHBQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/report/json/change-json.ts
function changeJson({ requested, via, raises, file, reconciled, obstacle }) {
  return {
    title: titleText(requested),
    request: requested,
    via,
    raises,
    file,
    live: obstacle === null,
    not_live: obstacle && obstacleText(obstacle),
    obstacle,
    reconciled: reconciled && planJson(reconciled)
  };
}

// src/actions/commands/changing.ts
function changeOptions({ via, reason }) {
  return { via: via ?? void 0, reason: reason ?? void 0, agree: async () => true };
}
async function changing(session, change, ended = (outcome) => ({ exit: changeExit(outcome), done: [], held: [] })) {
  const opened = await openWriting(session);
  try {
    const outcome = await change(opened);
    return await reported(session, opened, outcome, ended(outcome));
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== "held") throw error;
    const message = [error.message, error.hint].filter(Boolean).join("; next: ");
    return {
      exit: EXIT.held,
      needsPerson: message,
      annotations: [],
      summary: `${escapeMarkdown(message)}
`,
      outputs: { changed: false }
    };
  } finally {
    await opened.close();
  }
}
async function reported(session, opened, outcome, { exit, done, held }) {
  const { inputs, context, log } = session;
  const { file, obstacle } = outcome;
  const reconciled = outcome.reconciled && withoutNames(outcome.reconciled, mayNameSubjects(inputs, context));
  const title = titleText(outcome.requested);
  const notLive = obstacle && obstacleText(obstacle);
  const what = file ? fileText(file, inputs.file) : notLive ?? "nothing was changed";
  const happened = [...file === null && done.length > 0 ? [] : [what], ...done].join("; ");
  const sentence = `${title}: ${happened}`;
  for (const line of [sentence, ...held]) log(line);
  const waits = file?.state === "proposed" || file?.state === "needs_person";
  const lines = [{ severity: "notice", message: sentence }];
  if (notLive !== null && !waits) lines.push({ severity: "warning", title: "Not live", message: notLive });
  lines.push(...held.map((message) => ({ severity: "warning", title: "Held", message })));
  return {
    exit,
    needsPerson: file?.state === "needs_person" ? notLive ?? file.why : null,
    annotations: [
      ...lines,
      ...reconciled ? planAnnotations(reconciled, inputs.file) : [],
      ...await afterwards(opened)
    ],
    summary: [
      `### ${escapeMarkdown(title)}`,
      "",
      `${escapeMarkdown(happened)}${notLive === null ? "" : `. Not live: ${escapeMarkdown(notLive)}`}`,
      "",
      ...held.map((message) => `- ${escapeMarkdown(message)}`),
      "",
      reconciled ? planMarkdown(reconciled) : ""
    ].join("\n"),
    outputs: {
      changed: file?.state === "committed" || waits || done.length > 0,
      commit: file?.state === "committed" ? file.commit : "",
      pull_request: file?.state === "proposed" ? String(file.pull_request ?? "") : "",
      result: changeJson({ ...outcome, reconciled }),
      ...reconciled ? { plan: planJson(reconciled) } : {}
    }
  };
}

export {
  changeOptions,
  changing
};
