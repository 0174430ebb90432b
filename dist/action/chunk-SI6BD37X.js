import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  isOff
} from "./chunk-NGXP4PDZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/standing-in-the-way.ts
async function holdOf(store, feature) {
  const incidents = await store.reading((read) => read.currentIncidents());
  return incidents.find((one) => one.feature === feature && one.state === "open") ?? null;
}
async function refuseHeld(store, feature) {
  const hold = await holdOf(store, feature);
  if (hold) throw askForResume(feature, `is held by incident ${hold.id}: ${hold.reason}`);
}
function refuseOff(feature, spec) {
  if (!isOff(spec)) return;
  throw askForResume(feature, spec.emergency_stop ? "is stopped in the file" : "is inactive in the file");
}
function askForResume(feature, why) {
  return new RolloutError("held", `${feature} ${why}`, {
    hint: `to switch it on again, run: rollout resume ${feature} --percentage N --reason "..."`
  });
}

export {
  refuseHeld,
  refuseOff
};
