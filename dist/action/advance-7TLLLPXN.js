import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  textToChange
} from "./chunk-KZQ3K33A.js";
import {
  changeFile,
  notDone,
  refuseHeld,
  refuseOff,
  refuseUnshown,
  viaOf
} from "./chunk-T6TSJWX3.js";
import "./chunk-RLDFTE43.js";
import "./chunk-KQCXYNUU.js";
import "./chunk-7T6ZLV7I.js";
import {
  checkFeature,
  liveFeatures
} from "./chunk-JJKZLDWZ.js";
import {
  gateOf
} from "./chunk-MVJV7QGA.js";
import "./chunk-6M753A3Q.js";
import "./chunk-VR4I337A.js";
import {
  judgeAdvance,
  nextStep
} from "./chunk-CGKZ2VQL.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-PIILY4BD.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
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

// src/app/operate/advance.ts
async function advanceFeature(deps, input) {
  const { feature, force, reason } = input;
  if (force && !reason) {
    throw new RolloutError("usage", "--force needs --reason", {
      hint: `rollout advance ${feature} --force --reason "what you know"`
    });
  }
  await refuseHeld(deps.store, feature);
  await deps.store.features.restartSoaks(deps.actor);
  const live = await liveFeature(deps, feature);
  const { advance, judgement } = await gateNow(deps, live, input);
  const to = advance.next?.percentage;
  const from = live.spec.percentage;
  const forced = force && advance.wait !== null;
  const gate = { wait: advance.wait, step: advance.step };
  const requested = { code: "advance", feature, from, to: to ?? null, gate, forced };
  const via = viaOf(feature, input.via, live.spec, true, to);
  const found = { advance, judgement, forced };
  if (to === void 0 || advance.wait !== null && !force) {
    return { ...notDone({ requested, via, raises: false }, { code: "gate", gate }), ...found };
  }
  const decide = (spec) => {
    refuseOff(feature, spec);
    refuseOtherStep(feature, spec, from, to);
    return spec.percentage === to ? [] : [{ kind: "set", path: ["percentage"], value: to }];
  };
  editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const request = {
    command: forced ? `advance ${feature} --force` : `advance ${feature}`,
    features: [feature],
    requested,
    trailers: [],
    proposal: { operation: "advance", name: feature },
    via,
    reason,
    raises: true,
    edit: (text) => editedFeature(text, feature, decide).text
  };
  await refuseUnshown(deps, request);
  if (!await input.agree(requested)) return { ...notDone(request), ...found };
  if (forced) await noteForce(deps, feature, to, gate, reason ?? "");
  return { ...await changeFile(deps, request), ...found };
}
async function liveFeature(deps, feature) {
  const [live] = await deps.store.reading((read) => liveFeatures(read, feature));
  if (live) return live;
  throw new RolloutError("usage", `${feature} admits nobody yet: there is no step to go on from`, {
    hint: `begin with: rollout set ${feature} N`
  });
}
async function gateNow(deps, live, { environment }) {
  const { standing, spec } = live;
  const dryRun = { actor: deps.actor, environment, dryRun: true };
  const { judgement } = await checkFeature(deps, live, dryRun);
  const gate = await deps.store.reading(async (read) => {
    return gateOf(read, standing, spec, judgement, await read.state());
  });
  return { judgement, advance: judgeAdvance(gate, true) };
}
function refuseOtherStep(feature, spec, from, to) {
  const here = spec.percentage === from && nextStep(spec)?.percentage === to;
  if (here || spec.percentage === to) return;
  throw new RolloutError(
    "usage",
    `${feature} is live at ${from}%, but the file says ${spec.percentage}%${spec.percentage === from ? " and another next step" : ""}`,
    { hint: "bring them together first: rollout reconcile" }
  );
}
function noteForce({ store, actor, words }, feature, to, gate, reason) {
  return store.history.note({
    feature,
    actor,
    text: `forced to ${to}% while the gate ${words.gate(gate)}: ${reason}`,
    metadata: { forced: true, to, wait: gate.wait, reason }
  });
}
export {
  advanceFeature
};
