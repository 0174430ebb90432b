import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  planFile
} from "./chunk-UQMFAHW3.js";
import {
  utf8
} from "./chunk-QYTOR3Q2.js";
import {
  isOff
} from "./chunk-O673KTJQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/operate/preconditions.ts
async function holdOf(store, feature) {
  const incidents = await store.reading((read) => read.incidents.current());
  return incidents.find((one) => one.feature === feature && one.state === "open") ?? null;
}
async function refuseHeld(store, feature) {
  const hold = await holdOf(store, feature);
  if (hold) throw askForResume(feature, `is held by incident ${hold.id}: ${hold.reason}`);
}
async function refuseUnshown(deps, {
  features,
  raises,
  edit
}) {
  if (!raises || deps.repository.committed) return;
  const { path, content, revision } = await deps.repository.read("file");
  const { changes } = await planFile(deps, { path, content: edit(utf8(content, path)), revision });
  const held = changes.find(({ feature, action }) => features.includes(feature) && action === "held");
  if (!held) return;
  throw new RolloutError("held", `nothing was changed, since with that ${held.feature} would be held`, {
    hint: `to raise it above incident ${held.incident}, run: rollout resume ${held.feature} --percentage N --reason "..."`
  });
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
  refuseUnshown,
  refuseOff
};
