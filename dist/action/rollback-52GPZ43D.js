import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  requireFeature
} from "./chunk-ZQMQELA3.js";
import {
  bringLive
} from "./chunk-A5UZHJEL.js";
import {
  writeBackPending
} from "./chunk-G7JEWZ3B.js";
import "./chunk-ANBBR5VY.js";
import "./chunk-LOYTEIV2.js";
import "./chunk-RRXJ6VYX.js";
import "./chunk-7O5P3PXC.js";
import "./chunk-35P45YSF.js";
import {
  whyNoPlainWrites
} from "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-WS3HXF2D.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-VFLSN5YF.js";
import "./chunk-I2BF2CQV.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-SZZ5JKLK.js";
import "./chunk-UEVRUX77.js";
import "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/rollback.ts
async function rollBack(deps, input) {
  const { feature, reason, via } = input;
  const to = input.to === 0 ? null : input.to;
  await refuseImpossible(deps, { feature, to });
  const taken = await deps.store.takeBack({
    feature,
    actor: deps.actor,
    reason,
    severity: "warning",
    to,
    // What a person chose for this one holds for every later attempt; an edit is of the folder they are in.
    evidence: { by_hand: true, ...via === void 0 || via === "file" ? {} : { via } },
    epoch: null
  });
  const nothing = { feature, incident: null, from: null, to, eligible: null, written_back: null };
  if (!taken.done) return { ...nothing, because: taken.because, reconciled: null, pending: null };
  return {
    ...nothing,
    because: null,
    incident: taken.incident,
    from: taken.from,
    eligible: taken.eligibleAfter,
    ...await writeBack(deps, input, taken.incident)
  };
}
async function refuseImpossible({ store }, { feature, to }) {
  const row = await store.reading(async (read) => {
    await requireFeature(read, feature);
    return (await read.features(feature)).get(feature);
  });
  if (to !== null && row?.columns.strategy === "whitelist") {
    throw new RolloutError("usage", `${feature} has the strategy whitelist, which knows no percentage`, {
      hint: "leave --to out, and it is switched off for everyone"
    });
  }
}
async function writeBack(deps, { feature, reason, via }, incident) {
  const refused = await whyNoPlainWrites(deps);
  if (refused) return { written_back: null, reconciled: null, pending: refused.message };
  const written = await writeBackPending(deps, via === "file" ? incident : null);
  const own = written.find((one) => one.incident === incident) ?? null;
  if (own === null || own.state === "pending") {
    return { written_back: own, reconciled: null, pending: own?.error ?? "it is not written back yet" };
  }
  if (own.state === "proposed") {
    const pending = own.error ?? "waits until a person merges the write-back";
    return { written_back: own, reconciled: null, pending };
  }
  const request = { command: `rollback ${feature}`, features: [feature], reason, raises: false };
  const { reconciled, not_live } = await bringLive(deps, request, { state: "edited" });
  return { written_back: own, reconciled, pending: not_live };
}
export {
  rollBack
};
