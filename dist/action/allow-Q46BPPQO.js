import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-LEGZVUP2.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openWriting,
  planAnnotations,
  planText
} from "./chunk-7RXQ45KO.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-T2EP4OEY.js";
import {
  planMarkdown
} from "./chunk-5D2IIWNL.js";
import "./chunk-3C3HQMTD.js";
import "./chunk-VOBJIYG7.js";
import "./chunk-6KYF5XCW.js";
import "./chunk-MDYDXERU.js";
import "./chunk-IJK26YUE.js";
import "./chunk-GOHHRE6O.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  reasonOf,
  reconcileExit,
  requireFeature,
  wouldChange
} from "./chunk-7D77H6H7.js";
import {
  planJson
} from "./chunk-UZUM7I7A.js";
import "./chunk-MI5CWUI5.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-KJUUPPT4.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-6XXLSJON.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/allow.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  const feature = requireFeature(inputs);
  const reason = reasonOf(inputs, "allow");
  const opened = await openWriting(session);
  try {
    const { allowRefused } = await import("./allow-5KYHCIUW.js");
    const done = await allowRefused(opened, { feature, reason });
    const result = withoutNames(done, mayNameSubjects(inputs, context));
    log(planText(styleOf(false), result, inputs.file, true));
    return {
      exit: reconcileExit(result),
      needsPerson: null,
      annotations: [...planAnnotations(result, inputs.file), ...await afterwards(opened)],
      summary: `### Allowed

${planMarkdown(result)}`,
      outputs: { changed: wouldChange(result), plan: planJson(result) }
    };
  } finally {
    await opened.close();
  }
};
export {
  run
};
