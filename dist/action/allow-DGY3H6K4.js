import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  afterwards
} from "./chunk-YOUFVWAW.js";
import {
  styleOf
} from "./chunk-W55IYUCS.js";
import {
  openWriting,
  planAnnotations,
  planText
} from "./chunk-PJQFHO5T.js";
import "./chunk-QDD6OJKJ.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-V5YLTNUN.js";
import {
  planMarkdown
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-MQGN5AR4.js";
import {
  reasonOf,
  reconcileExit,
  requireFeature,
  wouldChange
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

// src/actions/commands/allow.ts
var run = async (session) => {
  const { inputs, context, log } = session;
  const feature = requireFeature(inputs);
  const reason = reasonOf(inputs, "allow");
  const opened = await openWriting(session);
  try {
    const { allowRefused } = await import("./allow-VAZK5G6W.js");
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
