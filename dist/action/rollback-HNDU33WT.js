import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-YOUFVWAW.js";
import {
  openTakingAway,
  planAnnotations
} from "./chunk-PJQFHO5T.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-V5YLTNUN.js";
import {
  escapeMarkdown,
  planMarkdown
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import {
  pendingText,
  rolledBackSentence,
  stillAdmittedText
} from "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-WNQF4XXA.js";
import "./chunk-MQGN5AR4.js";
import {
  EXIT,
  reasonOf,
  requireFeature
} from "./chunk-OQDKZVQ7.js";
import {
  planJson
} from "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
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
    const { rollBack } = await import("./rollback-ZVTVQHQB.js");
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
