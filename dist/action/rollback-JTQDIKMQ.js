import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-6H2YRYDR.js";
import {
  pendingText,
  rolledBackSentence,
  stillAdmittedText
} from "./chunk-ZMYOQJJL.js";
import "./chunk-WNQF4XXA.js";
import {
  openTakingAway,
  planAnnotations
} from "./chunk-WONYRMUL.js";
import "./chunk-QDD6OJKJ.js";
import {
  planMarkdown
} from "./chunk-KUHDXCER.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-3JMXPQPC.js";
import {
  escapeMarkdown
} from "./chunk-2PRNUFQD.js";
import "./chunk-RTAFFW6T.js";
import {
  EXIT,
  reasonOf,
  requireFeature
} from "./chunk-LEIDD7WW.js";
import {
  planJson
} from "./chunk-4AGB2JV4.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-6XXLSJON.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/rollback.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  const [feature, reason] = [requireFeature(inputs), reasonOf(inputs, "rollback")];
  const opened = await openTakingAway(session);
  try {
    const { rollBack } = await import("./rollback-OCN7XQXG.js");
    const done = await rollBack(opened, {
      feature,
      to: inputs.percentage,
      reason,
      via: inputs.via ?? void 0
    });
    const lines = linesOf(done);
    for (const { message } of lines) log(message);
    const reconciled = done.reconciled && withoutNames(done.reconciled, mayNameSubjects(inputs, context));
    return {
      exit: EXIT.ok,
      needsPerson: needsPerson(done),
      annotations: [
        ...lines,
        ...reconciled ? planAnnotations(reconciled, inputs.file) : [],
        ...await afterwards(opened)
      ],
      summary: [
        `### Rollback of ${escapeMarkdown(feature)}`,
        "",
        ...lines.map(({ message }) => `- ${escapeMarkdown(message)}`),
        `- reason: ${escapeMarkdown(reason)}`,
        "",
        reconciled ? planMarkdown(reconciled) : ""
      ].join("\n"),
      outputs: {
        changed: done.incident !== null,
        incident: done.incident ?? "",
        commit: done.written_back?.commit ?? "",
        pull_request: String(done.written_back?.pull_request ?? ""),
        ...reconciled ? { plan: planJson(reconciled) } : {}
      }
    };
  } finally {
    await opened.close();
  }
};
function needsPerson(outcome) {
  const { pending, written_back } = outcome;
  return stillAdmittedText(outcome) ?? (written_back?.error && pending ? pendingText(pending) : null);
}
function linesOf(outcome) {
  const { incident, pending } = outcome;
  const lines = [{ severity: "warning", message: rolledBackSentence(outcome) }];
  if (incident !== null && pending) lines.push({ severity: "notice", message: pendingText(pending) });
  return lines;
}
export {
  run
};
