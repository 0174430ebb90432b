import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-TBIMUGUZ.js";
import {
  planFile
} from "./chunk-QBLHMJ65.js";
import "./chunk-PGL2G6C6.js";
import "./chunk-WN6B2OSE.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-YBAO55PZ.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
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
