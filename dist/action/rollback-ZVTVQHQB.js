import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcileChange,
  refusalOf
} from "./chunk-T6TSJWX3.js";
import "./chunk-RLDFTE43.js";
import "./chunk-KQCXYNUU.js";
import {
  writeBackPending
} from "./chunk-7MO6NAHE.js";
import "./chunk-7T6ZLV7I.js";
import {
  requireFeature
} from "./chunk-6M753A3Q.js";
import "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import "./chunk-AMLPSWQB.js";
import {
  whyNoPlainWrites
} from "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
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

// src/app/operate/rollback.ts
async function rollBack(deps, input) {
  const { feature, reason, via } = input;
  const to = input.to === 0 ? null : input.to;
  await refuseImpossible(deps, { feature, to });
  const taken = await deps.store.incidents.rollBack({
    feature,
    actor: deps.actor,
    reason,
    severity: "warning",
    to,
    // A person's choice for this incident applies to every later attempt, except an edit, which concerns only their
    // own folder.
    evidence: { by_hand: true, ...via === void 0 || via === "file" ? {} : { via } },
    epoch: null
  });
  const untouched = { feature, incident: null, from: null, to, eligible: null, written_back: null };
  if (!taken.done) return { ...untouched, nothing: taken.because, reconciled: null, pending: null };
  return {
    ...untouched,
    nothing: null,
    incident: taken.incident,
    from: taken.from,
    eligible: taken.eligibleAfter,
    ...await writeBack(deps, input, taken.incident)
  };
}
async function refuseImpossible({ store }, { feature, to }) {
  const row = await store.reading(async (read) => {
    await requireFeature(read, feature);
    return (await read.features.actual(feature)).get(feature);
  });
  if (to !== null && row?.columns.strategy === "whitelist") {
    throw new RolloutError("usage", `${feature} has the strategy whitelist, which has no percentage`, {
      hint: "leave --to out to switch it off for everyone"
    });
  }
}
async function writeBack(deps, { feature, reason, via }, incident) {
  const refused = await whyNoPlainWrites(deps);
  if (refused)
    return {
      written_back: null,
      reconciled: null,
      pending: { code: "write_back_refused", refusal: refusalOf(refused) }
    };
  const written = await writeBackPending(deps, via === "file" ? incident : null);
  const own = written.find((one) => one.incident === incident) ?? null;
  if (own === null || own.state === "pending") {
    const pending = { code: "write_back_pending", error: own?.error ?? null };
    return { written_back: own, reconciled: null, pending };
  }
  if (own.state === "proposed") {
    return { written_back: own, reconciled: null, pending: proposedObstacle(own) };
  }
  const request = { command: `rollback ${feature}`, features: [feature], reason, raises: false };
  const { reconciled, obstacle } = await reconcileChange(deps, request);
  return { written_back: own, reconciled, pending: obstacle };
}
function proposedObstacle({ error }) {
  return error === null ? { code: "merge", branch: null } : { code: "write_back_pending", error };
}
export {
  rollBack
};
