import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-4Q3CSMQS.js";
import {
  beforeReconcile,
  mergedBy,
  refreshPlans,
  tellOutcome
} from "./chunk-PD3BMIO7.js";
import "./chunk-MLDSH364.js";
import "./chunk-MW2G72V7.js";
import "./chunk-GBHA3ABM.js";
import "./chunk-FDG4YUDM.js";
import {
  styleOf
} from "./chunk-KPRBZPKV.js";
import "./chunk-IEJIQG6P.js";
import {
  openWriting,
  planAnnotations,
  planChart,
  planText
} from "./chunk-KQLPT2UA.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-EF5JDGNH.js";
import "./chunk-OPOZDE3H.js";
import "./chunk-7OSPUKOK.js";
import "./chunk-VZHTMRSW.js";
import "./chunk-SKB2HH4D.js";
import "./chunk-G7UQMK4E.js";
import {
  adoptedText
} from "./chunk-PZ5KB25M.js";
import {
  planMarkdown
} from "./chunk-W745OMOY.js";
import "./chunk-T5626FO5.js";
import "./chunk-7GX6HEGV.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-LDAQQ4WT.js";
import "./chunk-MQGN5AR4.js";
import {
  reconcileExit,
  requireDatabase,
  wouldChange
} from "./chunk-EJ26GJJ2.js";
import {
  planJson,
  totalsOf
} from "./chunk-WOQ3VDXT.js";
import "./chunk-ZRPESTUR.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-FKKJJCRV.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-YZAFORQB.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import {
  migrateForAction
} from "./chunk-FOYKMFVC.js";
import "./chunk-PAIFAIRZ.js";
import "./chunk-C66GLY5V.js";
import "./chunk-S62UJNJG.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-SAO6ZP2K.js";
import "./chunk-7MLT33RO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-JBFJBGV7.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-34CNYKKZ.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-EVETM6WC.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
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
    const { reconcile } = await import("./reconcile-EPG32YBP.js");
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
  const { raisedBetween } = await import("./raised-between-CCU5OWNK.js");
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
