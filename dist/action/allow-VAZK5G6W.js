import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-KQCXYNUU.js";
import {
  planFile
} from "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
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
