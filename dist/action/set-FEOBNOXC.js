import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  raises,
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
import "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
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
      raises(edited),
      percentage
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
