import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-LEGZVUP2.js";
import {
  beforeReconcile,
  mergedBy,
  refreshPlans,
  tellOutcome
} from "./chunk-OWUQCFPY.js";
import "./chunk-DS4FLRGR.js";
import "./chunk-6EJFHNSN.js";
import "./chunk-JPM4YS5S.js";
import "./chunk-2G2DKZLP.js";
import "./chunk-DIZIAEQA.js";
import "./chunk-NZUWQJO3.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openWriting,
  planAnnotations,
  planChart,
  planText
} from "./chunk-7RXQ45KO.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-LTQ4UAJU.js";
import "./chunk-WQWCMV6B.js";
import "./chunk-OOAK5U5J.js";
import "./chunk-575NDBGL.js";
import "./chunk-DNTEFR5P.js";
import "./chunk-QBLHMJ65.js";
import "./chunk-PGL2G6C6.js";
import "./chunk-T2EP4OEY.js";
import {
  planMarkdown
} from "./chunk-5D2IIWNL.js";
import "./chunk-3C3HQMTD.js";
import {
  adoptedText
} from "./chunk-VOBJIYG7.js";
import "./chunk-6KYF5XCW.js";
import "./chunk-MDYDXERU.js";
import "./chunk-IJK26YUE.js";
import "./chunk-GOHHRE6O.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-WN6B2OSE.js";
import "./chunk-MQGN5AR4.js";
import {
  reconcileExit,
  requireDatabase,
  wouldChange
} from "./chunk-7D77H6H7.js";
import {
  planJson,
  totalsOf
} from "./chunk-UZUM7I7A.js";
import "./chunk-MI5CWUI5.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-WWHDWGQW.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-YBAO55PZ.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import "./chunk-DSNQL33Q.js";
import {
  migrateForAction
} from "./chunk-ACTUCDOE.js";
import "./chunk-EEBLTFAB.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-C66GLY5V.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-KJUUPPT4.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-LISSZHB2.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
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
    const { reconcile } = await import("./reconcile-3KLF6Q3M.js");
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
  const { raisedBetween } = await import("./raised-between-LPKVSFTN.js");
  try {
    const before = context.before === null ? null : await github.fileAt(context.before);
    const raised = raisedBetween(before, await github.fileAt(revision), held);
    if (raised.length === 0) return null;
    return `this push raises what is held: ${raised.join(", ")}. Nothing of that is live; resume it first, or take it out of the file`;
  } catch (error) {
    const why = errorText(error);
    return `whether this push raises what is held (${held.join(", ")}) could not be found out: ${why}. Nothing of that is live`;
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
