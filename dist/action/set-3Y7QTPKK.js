import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  refuseHeld,
  refuseOff
} from "./chunk-SI6BD37X.js";
import {
  editedFeature,
  raises,
  textToChange
} from "./chunk-3S5PWPBC.js";
import {
  changeFile,
  declined,
  viaOf
} from "./chunk-A5UZHJEL.js";
import "./chunk-ANBBR5VY.js";
import "./chunk-LOYTEIV2.js";
import "./chunk-7O5P3PXC.js";
import "./chunk-35P45YSF.js";
import "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-PCRYKIAL.js";
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

// src/app/set.ts
async function setPercentage(deps, input) {
  const { feature, percentage, reason } = input;
  const decide = (spec) => {
    refuseOff(feature, spec);
    refuseWhitelistStrategy(feature, spec);
    return spec.percentage === percentage ? [] : [{ kind: "set", path: ["percentage"], value: percentage }];
  };
  await refuseHeld(deps.store, feature);
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const request = {
    command: `set ${feature} ${percentage}`,
    features: [feature],
    title: `Set ${feature} to ${percentage} %`,
    facts: [`From ${edited.before.percentage} % to ${percentage} %.`],
    trailers: [],
    proposal: { operation: "set", name: feature },
    via: viaOf(
      feature,
      input.via ?? (raises(edited) ? input.raiseVia : void 0),
      edited.before,
      raises(edited)
    ),
    reason,
    raises: raises(edited),
    edit: (text) => editedFeature(text, feature, decide).text
  };
  const question = `Raise ${feature} from ${edited.before.percentage} % to ${percentage} %?`;
  if (request.raises && !await input.agree(question)) return declined(request);
  return changeFile(deps, request);
}
function refuseWhitelistStrategy(feature, { strategy }) {
  if (strategy !== "whitelist") return;
  throw new RolloutError("usage", `${feature} has the strategy whitelist, which knows no percentage`, {
    hint: `change who is in with: rollout whitelist add ${feature} ..., or the strategy in the file`
  });
}
export {
  setPercentage
};
