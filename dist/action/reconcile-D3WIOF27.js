import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  deployed
} from "./chunk-TDPXH3HK.js";
import {
  migrateForAction
} from "./chunk-VXPJPOZI.js";
import "./chunk-XUPDBDIB.js";
import {
  mergedBy
} from "./chunk-BKV3IRHC.js";
import {
  adoptedText
} from "./chunk-ATR2ARMG.js";
import "./chunk-C66GLY5V.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-NWZVBTWW.js";
import "./chunk-SKHTEI6E.js";
import "./chunk-6JL5Z4JY.js";
import "./chunk-AD2CEPPX.js";
import {
  styleOf
} from "./chunk-TUTS5XSD.js";
import {
  openWriting,
  planAnnotations,
  planChart,
  planText
} from "./chunk-VZ6PZMBN.js";
import "./chunk-QDD6OJKJ.js";
import {
  planMarkdown
} from "./chunk-JVUT66EZ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-TL3N7MVK.js";
import "./chunk-GU4ICXZ5.js";
import "./chunk-B2NUAD26.js";
import {
  reconcileExit,
  requireDatabase,
  wouldChange
} from "./chunk-PGLGBJIK.js";
import {
  planJson,
  totalsOf
} from "./chunk-36L5UVMJ.js";
import "./chunk-EMFE24EX.js";
import "./chunk-B2KEE5F7.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-TVORLO7R.js";
import "./chunk-63QZTHAV.js";
import "./chunk-IZWNLSLH.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-EVETM6WC.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
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
    const { reconcile } = await import("./reconcile-T6AUCPRR.js");
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
  const { raisedBetween } = await import("./raised-between-W76UCAVY.js");
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
