import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  refuseHeld,
  refuseOff,
  refuseUnshown
} from "./chunk-I2UVR2YY.js";
import {
  editedFeature,
  raises,
  textToChange
} from "./chunk-T5Q3ZIMV.js";
import {
  changeFile,
  notDone,
  viaOf
} from "./chunk-EFFI3LZW.js";
import "./chunk-RLDFTE43.js";
import "./chunk-H7JRTCIZ.js";
import "./chunk-CRPEAGV4.js";
import "./chunk-UQMFAHW3.js";
import "./chunk-KGTZJLT5.js";
import "./chunk-BDGD52UT.js";
import "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-TORRJGHT.js";
import "./chunk-ORCGCG3B.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/set.ts
async function setPercentage(deps, input) {
  const { feature, percentage, reason } = input;
  const decide = (spec) => {
    refuseOff(feature, spec);
    refuseWhitelistStrategy(feature, spec);
    return spec.percentage === percentage ? [] : [{ kind: "set", path: ["percentage"], value: percentage }];
  };
  await refuseHeld(deps.store, feature);
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const from = edited.before.percentage;
  const requested = { code: "set", feature, from, to: percentage };
  const request = {
    command: `set ${feature} ${percentage}`,
    features: [feature],
    requested,
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
  await refuseUnshown(deps, request);
  if (request.raises && !await input.agree(requested)) return notDone(request);
  return changeFile(deps, request);
}
function refuseWhitelistStrategy(feature, { strategy }) {
  if (strategy !== "whitelist") return;
  throw new RolloutError(
    "usage",
    `${feature} has the strategy whitelist, and the whitelist strategy has no percentage`,
    {
      hint: `change who is in with: rollout whitelist add ${feature} ..., or the strategy in the file`
    }
  );
}
export {
  setPercentage
};
