import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-DXOH7TJB.js";
import {
  openWriting,
  planAnnotations
} from "./chunk-246BXIVY.js";
import {
  planMarkdown
} from "./chunk-HS7TEPYB.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-UNXCGD26.js";
import {
  planJson
} from "./chunk-IAPGF2G6.js";
import {
  escapeMarkdown
} from "./chunk-VFLSN5YF.js";
import {
  EXIT
} from "./chunk-GR7OA4T4.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/actions/changing.ts
function changeOptions({ via, reason }) {
  return { via: via ?? void 0, reason: reason ?? void 0, agree: async () => true };
}
var NOTHING = { done: [], held: [] };
async function changing(session, change, besides = () => NOTHING) {
  const opened = await openWriting(session);
  try {
    const outcome = await change(opened);
    return await toldOf(session, opened, outcome, besides(outcome));
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
async function toldOf(session, opened, outcome, { done, held }) {
  const { inputs, context, log } = session;
  const { file, not_live } = outcome;
  const reconciled = outcome.reconciled && withoutNames(outcome.reconciled, mayNameSubjects(inputs, context));
  const happened = [...file === null && done.length > 0 ? [] : [whatHappened(outcome)], ...done].join("; ");
  const sentence = `${outcome.title}: ${happened}`;
  for (const line of [sentence, ...held]) log(line);
  const waits = file?.state === "proposed" || file?.state === "needs_person";
  const lines = [{ severity: "notice", message: sentence }];
  if (not_live !== null && !waits) lines.push({ severity: "warning", title: "Not live", message: not_live });
  lines.push(...held.map((message) => ({ severity: "warning", title: "Held", message })));
  const nothing = file === null && done.length === 0;
  return {
    exit: nothing || held.length > 0 || not_live !== null && !waits ? EXIT.held : EXIT.ok,
    needsPerson: file?.state === "needs_person" ? not_live ?? file.why : null,
    annotations: [
      ...lines,
      ...reconciled ? planAnnotations(reconciled, inputs.file) : [],
      ...await afterwards(opened)
    ],
    summary: [
      `### ${escapeMarkdown(outcome.title)}`,
      "",
      `${escapeMarkdown(happened)}${not_live === null ? "" : `. Not live: ${escapeMarkdown(not_live)}`}`,
      "",
      ...held.map((message) => `- ${escapeMarkdown(message)}`),
      "",
      reconciled ? planMarkdown(reconciled) : ""
    ].join("\n"),
    outputs: {
      changed: file?.state === "committed" || waits || done.length > 0,
      commit: file?.state === "committed" ? file.commit : "",
      pull_request: file?.state === "proposed" ? String(file.pull_request ?? "") : "",
      ...reconciled ? { plan: planJson(reconciled) } : {}
    }
  };
}
function whatHappened({ file, not_live }) {
  switch (file?.state) {
    case "committed":
      return `committed as ${file.commit.slice(0, 10)}`;
    case "proposed":
      return file.pull_request === null ? `proposed on ${file.branch}` : `proposed in #${file.pull_request}`;
    case "unchanged":
      return "the file says so already";
    case "edited":
      return "the file was edited";
    case "needs_person":
      return `waits on ${file.branch}, for a person to open the pull request: ${file.compare}`;
    default:
      return not_live ?? "nothing was changed";
  }
}

export {
  changeOptions,
  changing
};
