import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-VK5YELCJ.js";
import {
  beforeReconcile,
  mergedBy,
  refreshPlans,
  tellOutcome
} from "./chunk-VZFETZZF.js";
import "./chunk-HUFQX2ON.js";
import "./chunk-HOJYYKCQ.js";
import "./chunk-C5VNBA7Q.js";
import "./chunk-DQPR47WJ.js";
import "./chunk-KOJGRHH2.js";
import "./chunk-2RWG6CNH.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openWriting,
  planAnnotations,
  planChart,
  planText
} from "./chunk-5IK5XIXG.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-AQJTSAE2.js";
import "./chunk-WFN3Q6GR.js";
import "./chunk-IKRJRTUJ.js";
import "./chunk-VPVKF7T4.js";
import "./chunk-BK2HN6TA.js";
import "./chunk-MCTOR4MH.js";
import "./chunk-4AOG64BS.js";
import "./chunk-3UAT6CCG.js";
import "./chunk-3AD7HRVE.js";
import {
  planMarkdown
} from "./chunk-OINFRU4D.js";
import {
  adoptedText
} from "./chunk-7T4UH6EQ.js";
import "./chunk-HQTBTWGZ.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-3RYTIUIT.js";
import "./chunk-MQGN5AR4.js";
import {
  reconcileExit,
  requireDatabase,
  wouldChange
} from "./chunk-634O3N6F.js";
import {
  planJson,
  totalsOf
} from "./chunk-V4LOPUOC.js";
import "./chunk-7I4SMEXG.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-LUVKF2MH.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-2WVDZ3YS.js";
import "./chunk-BE65SWT5.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import {
  migrateForAction
} from "./chunk-UV7B6OOY.js";
import "./chunk-PAIFAIRZ.js";
import "./chunk-C66GLY5V.js";
import "./chunk-YWAMZUHQ.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-YFBGCKTI.js";
import "./chunk-5DF5547D.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-JG6JXBIH.js";
import "./chunk-AZ2KCKNG.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-YA6QO2EA.js";
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
    const { reconcile } = await import("./reconcile-475565PZ.js");
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
  const { raisedBetween } = await import("./raised-between-QXVJDCPZ.js");
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
