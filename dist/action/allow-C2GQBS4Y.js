import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-C7V5PX36.js";
import {
  planFile
} from "./chunk-36Z5URPX.js";
import "./chunk-IMKMIPY4.js";
import "./chunk-IEE7E5ZV.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-HXZO3M6M.js";
import "./chunk-MKL66GFQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-WNJ2HUZN.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/reconcile/allow.ts
async function allowFeature(deps, { feature, reason, agree }) {
  const { path, content, revision } = await deps.repository.readTip();
  const { changes } = await planFile(deps, { path, content, revision });
  const found = changes.find((change) => change.feature === feature)?.reason;
  const { refused } = await deps.store.reading(async (read) => ({
    refused: (await read.features.refusals(feature)).has(feature)
  }));
  if (!refused) throw nothingRefused(feature);
  const breaches = found?.code === "policy" ? found.breaches : [];
  if (!await agree({ code: "allow", feature, breaches })) return null;
  return allowRefused(deps, { feature, reason });
}
async function allowRefused(deps, { feature, reason }) {
  if (!await deps.store.features.allowRefused({ feature, actor: deps.actor, reason })) {
    throw nothingRefused(feature);
  }
  return reconcile(deps, {
    actor: deps.actor,
    allowRewind: false,
    revision: null,
    asked: { features: [feature], reason }
  });
}
function nothingRefused(feature) {
  return new RolloutError("usage", `the policy has refused nothing of ${feature.slice(0, 100)}`, {
    hint: "what it refuses is known after a reconcile; see it with: rollout reconcile"
  });
}
export {
  allowFeature,
  allowRefused
};
