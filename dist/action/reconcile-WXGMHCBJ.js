import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-DXOH7TJB.js";
import {
  mergedBy
} from "./chunk-SS7FMMYX.js";
import {
  planText,
  styleOf
} from "./chunk-VGPSR6Y3.js";
import {
  openWriting,
  planAnnotations,
  planChart,
  reconcileExit,
  wouldChange
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
  planJson,
  totalsOf
} from "./chunk-IAPGF2G6.js";
import "./chunk-NEFFZZXS.js";
import "./chunk-VFLSN5YF.js";
import {
  requireDatabase
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import {
  migrateForAction
} from "./chunk-ZCXM2QAK.js";
import "./chunk-SZZ5JKLK.js";
import "./chunk-UEVRUX77.js";
import "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VDCKB3VQ.js";
import "./chunk-GPWNTT44.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";

// src/actions/reconcile.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  if (inputs.migrate) {
    for (const name of await migrateForAction(requireDatabase(inputs), log)) log(`migrated: ${name}`);
  }
  const opened = await openWriting(session);
  try {
    const { reconcile } = await import("./reconcile-F7K357SV.js");
    const done = await reconcile(opened, {
      actor: opened.actor,
      allowRewind: inputs.allowRewind,
      revision: null,
      metadata: mergedBy(opened.github, context)
    });
    const result = withoutNames(done, mayNameSubjects(inputs, context));
    log(planText(styleOf(false), result, inputs.file, true));
    return {
      exit: reconcileExit(result),
      needsPerson: await triesToRaise(session, opened, result),
      annotations: [...planAnnotations(result, inputs.file), ...await deployed(opened)],
      summary: summaryOf(result),
      outputs: { changed: wouldChange(result), plan: planJson(result) }
    };
  } finally {
    await opened.close();
  }
};
async function triesToRaise({ context }, { github }, { changes, revision }) {
  const held = changes.filter(({ action }) => action === "held").map(({ feature }) => feature);
  if (held.length === 0 || context.event !== "push" || revision === null) return null;
  const { raisedBetween } = await import("./raised-by-push-WFSFXX5S.js");
  try {
    const before = context.before === null ? null : await github.fileAt(context.before);
    const raised = raisedBetween(before, await github.fileAt(revision), held);
    if (raised.length === 0) return null;
    return `this push raises what is held: ${raised.join(", ")}. Nothing of that is live; resume it first, or take it out of the file`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `whether this push raises what is held (${held.join(", ")}) could not be found out: ${why}. Nothing of that is live`;
  }
}
function summaryOf(result) {
  const { changes, held, refused } = totalsOf(result);
  const title = changes + held + refused === 0 ? "Nothing to do" : "Reconciled";
  const adopted = result.adopted.length > 0 ? `
${result.adopted.length} features are now under the file, which says the same.
` : "";
  return `### ${title}

${planMarkdown(result)}${adopted}
${planChart(result)}`;
}
export {
  run
};
