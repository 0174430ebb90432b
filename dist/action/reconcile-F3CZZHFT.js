import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-YOUFVWAW.js";
import {
  beforeReconcile,
  mergedBy,
  refreshPlans,
  tellOutcome
} from "./chunk-FB6BCUWD.js";
import "./chunk-L7WPCUUB.js";
import "./chunk-WMPIRC73.js";
import "./chunk-7MO6NAHE.js";
import "./chunk-7T6ZLV7I.js";
import "./chunk-NE5WPITM.js";
import "./chunk-XOX3TVCN.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openWriting,
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
import "./chunk-V5YLTNUN.js";
import {
  planMarkdown
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import {
  adoptedText
} from "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-MQGN5AR4.js";
import {
  reconcileExit,
  requireDatabase,
  wouldChange
} from "./chunk-OQDKZVQ7.js";
import {
  planJson,
  totalsOf
} from "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-BQVI7CEN.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import "./chunk-6VI3GJB7.js";
import {
  migrateForAction
} from "./chunk-QYX5OCYL.js";
import "./chunk-EEBLTFAB.js";
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
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-PQGTPEAP.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/reconcile.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  if (inputs.migrate) {
    for (const name of await migrateForAction(requireDatabase(inputs), log)) log(`migrated: ${name}`);
  }
  const opened = await openWriting(session);
  try {
    const before = await beforeReconcile(opened);
    const { reconcile } = await import("./reconcile-FHG4WKNX.js");
    const done = await reconcile(opened, {
      actor: opened.actor,
      allowRewind: inputs.allowRewind,
      revision: null,
      metadata: mergedBy(opened.github, context)
    }).catch(async (error) => {
      for (const { message } of await tellRefused(session, opened, before, error)) log(message);
      throw error;
    });
    const result = withoutNames(done, mayNameSubjects(inputs, context));
    log(planText(styleOf(false), result, inputs.file, true));
    return {
      exit: reconcileExit(result),
      needsPerson: await triesToRaise(session, opened, result),
      annotations: [
        ...planAnnotations(result, inputs.file),
        ...await deployed(opened),
        ...await tellOutcome(session, opened, before, result),
        ...await refreshPlans(session, opened)
      ],
      summary: summaryOf(result),
      outputs: { changed: wouldChange(result), plan: planJson(result) }
    };
  } finally {
    await opened.close();
  }
};
async function tellRefused(session, opened, before, error) {
  if (!(error instanceof RolloutError) || error.code.startsWith("database_")) return [];
  const refused = error.hint ? `${error.message}; ${error.hint}` : error.message;
  return tellOutcome(session, opened, before, { revision: session.context.sha, refused });
}
async function triesToRaise({ context }, { github }, { changes, revision }) {
  const held = changes.filter(({ action }) => action === "held").map(({ feature }) => feature);
  if (held.length === 0 || context.event !== "push" || revision === null) return null;
  const { raisedBetween } = await import("./raised-between-OBXMRXSZ.js");
  try {
    const before = context.before === null ? null : await github.fileAt(context.before);
    const raised = raisedBetween(before, await github.fileAt(revision), held);
    if (raised.length === 0) return null;
    return `this push raises held features: ${raised.join(", ")}. None of it is live; resume it first, or remove the raise from the file`;
  } catch (error) {
    const why = errorText(error);
    return `it is not known whether this push raises held features (${held.join(", ")}): ${why}. None of it is live`;
  }
}
function summaryOf(result) {
  const { changes, held, refused } = totalsOf(result);
  const title = changes + held + refused === 0 ? "Nothing to do" : "Reconciled";
  const adopted = result.adopted.length > 0 ? `
${adoptedText(result.adopted)}
` : "";
  return `### ${title}

${planMarkdown(result)}${adopted}
${planChart(result)}`;
}
export {
  run
};
