import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-DXOH7TJB.js";
import {
  openTakingAway,
  planAnnotations
} from "./chunk-246BXIVY.js";
import "./chunk-FCF7YI2T.js";
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
  counted
} from "./chunk-NEFFZZXS.js";
import {
  escapeMarkdown
} from "./chunk-VFLSN5YF.js";
import {
  EXIT,
  requireFeature,
  requireReason
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/rollback.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  const [feature, reason] = [requireFeature(inputs), requireReason(inputs)];
  const opened = await openTakingAway(session);
  try {
    const { rollBack } = await import("./rollback-52GPZ43D.js");
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
function needsPerson({ feature, incident, to, eligible, written_back }) {
  if (incident !== null && to === null && eligible) {
    return `the database still admits ${counted(eligible, "subject")}: stop ${feature}`;
  }
  return written_back?.error ? `the file does not say so yet: ${written_back.error}` : null;
}
function linesOf({ feature, incident, because, from, to, pending }) {
  if (incident === null) {
    return [{ severity: "warning", message: `${feature}: nothing was taken away, because ${because}` }];
  }
  const now = to === null ? "off for everyone" : `at ${to} %`;
  const lines = [
    {
      severity: "warning",
      message: `${feature} is taken back from ${from} %, and now ${now} (incident ${incident})`
    }
  ];
  if (pending) lines.push({ severity: "notice", message: `the file does not say so yet: ${pending}` });
  return lines;
}
export {
  run
};
