import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  refuseHeld,
  refuseOff
} from "./chunk-SI6BD37X.js";
import {
  editedFeature,
  textToChange
} from "./chunk-3S5PWPBC.js";
import {
  changeFile,
  declined,
  viaOf
} from "./chunk-A5UZHJEL.js";
import "./chunk-ANBBR5VY.js";
import "./chunk-LOYTEIV2.js";
import {
  checkFeature,
  liveFeatures
} from "./chunk-DNKXU6TC.js";
import {
  gateOf,
  judgeAdvance,
  nextStep
} from "./chunk-RRXJ6VYX.js";
import "./chunk-7O5P3PXC.js";
import {
  freezeAt
} from "./chunk-35P45YSF.js";
import "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-LD6AS6C3.js";
import "./chunk-I2BF2CQV.js";
import "./chunk-PCRYKIAL.js";
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

// src/app/advance.ts
async function advanceFeature(deps, input) {
  const { feature, force, reason } = input;
  if (force && !reason) {
    throw new RolloutError("usage", "to go on although the gate waits needs a reason", {
      hint: `rollout advance ${feature} --force --reason "what you know"`
    });
  }
  await refuseHeld(deps.store, feature);
  await deps.store.restartSoaks(deps.actor);
  const live = await liveFeature(deps, feature);
  const { advance, judgement } = await gateNow(deps, live, input);
  const to = advance.next?.percentage;
  const from = live.spec.percentage;
  const forced = force && !advance.ready;
  const title = to === void 0 ? `Advance ${feature}` : `Advance ${feature} to ${to} %`;
  const via = viaOf(feature, input.via, live.spec, true);
  const found = { advance, judgement, forced };
  if (to === void 0 || !advance.ready && !force) {
    return { ...declined({ title, via, raises: false }), not_live: advance.reason, ...found };
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
    title,
    facts: [
      `From ${from} % to ${to} %: ${forced ? `forced, although it ${advance.reason}` : advance.reason}.`
    ],
    trailers: [],
    proposal: { operation: "advance", name: feature },
    via,
    reason,
    raises: true,
    edit: (text) => editedFeature(text, feature, decide).text
  };
  const question = `Raise ${feature} from ${from} % to ${to} %${forced ? `, although it ${advance.reason}` : ""}?`;
  if (!await input.agree(question)) return { ...declined(request), ...found };
  if (forced) await noteForce(deps, feature, to, advance, reason ?? "");
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
  const { judgement } = await checkFeature(deps.store, live, dryRun);
  const gate = await deps.store.reading(async (read) => {
    const { now, freezes } = await read.state();
    return gateOf(read, standing, spec, judgement, freezeAt(freezes, now), now);
  });
  return { judgement, advance: judgeAdvance(gate, true) };
}
function refuseOtherStep(feature, spec, from, to) {
  const here = spec.percentage === from && nextStep(spec)?.percentage === to;
  if (here || spec.percentage === to) return;
  throw new RolloutError(
    "usage",
    `${feature} is live at ${from} %, but the file says ${spec.percentage} %${spec.percentage === from ? " and another next step" : ""}`,
    { hint: "bring them together first: rollout reconcile" }
  );
}
function noteForce({ store, actor }, feature, to, advance, reason) {
  return store.note({
    feature,
    actor,
    text: `forced to ${to} %, although it ${advance.reason}: ${reason}`,
    metadata: { forced: true, to, waits: advance.reason, reason }
  });
}
export {
  advanceFeature
};
